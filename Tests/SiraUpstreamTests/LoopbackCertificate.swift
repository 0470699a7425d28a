// Made for these tests alone: a certificate of `localhost` that vouches for nothing.

let loopbackCertificate = """
    -----BEGIN CERTIFICATE-----
    MIIBmjCCAUGgAwIBAgIUJH8OUacw8qjzCqDDYZjxuy5VbA8wCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTA4MzUyM1oYDzIxMjYxMDI4
    MDgzNTIzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
    PQMBBwNCAARenCUyAwgVBMJWioiWCn02Cz/1pqNjWWqamlglSglubTQl/UokTJ+h
    tASB6XzFDmJqmZ68b1V8sSXSoQvIFqI/o28wbTAdBgNVHQ4EFgQU3V1RajsQbrS4
    7cc2rj5qcl4DrF8wHwYDVR0jBBgwFoAU3V1RajsQbrS47cc2rj5qcl4DrF8wDwYD
    VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
    zj0EAwIDRwAwRAIga1MK3fVtVucTsc3qURytvoQ9PuBRp+5HKYclX1FzP4ECIHQO
    +Z1QVQzfIqgfQRO3OoazLgl3uxWrAG3Hordz+rrl
    -----END CERTIFICATE-----
    """

let loopbackKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgubHO3oxQWUjuRJql
    D6gwXxD5KXFmyexf/Zi+XkFuVryhRANCAARenCUyAwgVBMJWioiWCn02Cz/1pqNj
    WWqamlglSglubTQl/UokTJ+htASB6XzFDmJqmZ68b1V8sSXSoQvIFqI/
    -----END PRIVATE KEY-----
    """
