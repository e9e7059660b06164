"""The scenario over a connection, and what only connections have."""

import os
import sys

import psycopg

from client._kf import Context, Session
from client.class_ import Class
from client.gallery import Gallery
from scenario import scenario


def transactions(connection: psycopg.Connection) -> None:
    gallery = Gallery(Session(connection, Context("x", "t", 7, 5, "mine")))
    assert gallery.whoami().caller == "x"
    with connection.transaction():
        try:
            gallery.whoami()
        except RuntimeError:
            return
    raise AssertionError("a call within a transaction")


with psycopg.connect(os.environ["KF_URL"], autocommit=len(sys.argv) > 1) as connection:
    session = Session(connection, "0xAb")
    scenario(Gallery(session), Gallery(Session(connection, "0xaa")), Class(session))
    transactions(connection)
print("fine")
