"""A real SMTP server that takes one mail and tells what it was, as Python's own reader of mail understands it.

Usage: server.py CERTIFICATE KEY (starttls|tls). Prints its port, then the mail as JSON.
"""
import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Taker:
    def __init__(self, taken):
        self.taken = taken

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.taken.set_result({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": mail["subject"],
            "author": str(mail["from"].addresses[0].display_name),
            "text": mail.get_body(("plain",)).get_content(),
            "html": mail.get_body(("html",)).get_content(),
            "id": mail["message-id"],
            "year": mail["date"].datetime.year,
            "defects": [str(defect) for part in mail.walk() for defect in part.defects],
            "user": session.auth_data,
            "tls": session.ssl is not None,
        })
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    right = (data.login, data.password) == (b"sira", b"hush")
    return AuthResult(success=right, auth_data=data.login.decode())


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    loop = asyncio.get_running_loop()
    taken = loop.create_future()
    is_implicit = sys.argv[3] == "tls"

    def protocol():
        return SMTP(
            Taker(taken), authenticator=authenticate, auth_required=True, auth_require_tls=not is_implicit,
            require_starttls=not is_implicit, tls_context=None if is_implicit else context, loop=loop)

    server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=context if is_implicit else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    mail = await asyncio.wait_for(taken, 60)
    mail["tls"] = mail["tls"] or is_implicit
    print(json.dumps(mail), flush=True)


asyncio.run(main())
