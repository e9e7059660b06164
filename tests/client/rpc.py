"""The scenario over a gateway, and what only gateways have."""

import os
from urllib.error import URLError

from client._kf import Gateway, Session
from client.class_ import Class
from client.gallery import Gallery
from scenario import fault, scenario

url = os.environ["KF_GATEWAY"]
session = Session(Gateway(url, "token of 0xAb"))
owner = Session(Gateway(url, lambda: "token of 0xaa"))
scenario(Gallery(session), Gallery(owner), Class(session))
nobody = fault(lambda: Gallery(Session(Gateway(url))).put_bare(1))
assert (nobody.sqlstate, nobody.is_raised) == ("42501", False)
forged = fault(Gallery(Session(Gateway(url, "forged"))).whoami)
assert (forged.sqlstate, forged.message) == ("PGRST301", "no such token")
assert fault(Gallery(Session(Gateway(url + "/nowhere"))).whoami).sqlstate == "HTTP 404"
header = Gateway(url, headers={"Authorization": "Bearer token of 0xAb"})
assert Gallery(Session(header)).whoami().caller == "0xAb"
try:
    Gallery(Session(Gateway("http://127.0.0.1:1"))).whoami()
except URLError:
    print("fine")
