// Made for these tests alone: a certificate of `localhost` that vouches for nothing.

let mailServerCertificate = """
    -----BEGIN CERTIFICATE-----
    MIIBmzCCAUGgAwIBAgIUHOD3GzKIqM8/GDSiAtEe8zX/VfAwCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTIwNTU0MloYDzIxMjYxMDI4
    MjA1NTQyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
    PQMBBwNCAATgVrH3QAy237q57fzHr7qV9GZhtMoau0Alzd3MAAMj9ptOUYf6PEpz
    USdvzChN+ogR+COZCZmxaNxJrkLorgzeo28wbTAdBgNVHQ4EFgQUmSSEqkG+mEA+
    0EVys2V91h7vQZkwHwYDVR0jBBgwFoAUmSSEqkG+mEA+0EVys2V91h7vQZkwDwYD
    VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
    zj0EAwIDSAAwRQIgKQLnM5hoXccSV+ZualW08ZigwkDYVr0zjXyr25mqbbcCIQCb
    BscEEcAwjNNam2Ip1Iy5o+FZgAnPNySN/6SmGTZYLQ==
    -----END CERTIFICATE-----
    """

let mailServerKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgXKW7WCfzfI4UtE33
    lOK6jw3VnK6zE5nHlISjn9uKGnqhRANCAATgVrH3QAy237q57fzHr7qV9GZhtMoa
    u0Alzd3MAAMj9ptOUYf6PEpzUSdvzChN+ogR+COZCZmxaNxJrkLorgze
    -----END PRIVATE KEY-----
    """
