"""What the Python client of the tus project is promised."""

import base64
import hashlib
import io
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import unittest
import uuid

import requests
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

PROGRAM = os.environ.get("BIANFANG_SERVER", "../../target/debug/bianfang-server")
PATH = "/api/v1/photos/uploads"
CHUNK = 64 * 1024


def photograph(length):
    """Bytes that begin as a photograph does; what follows is nobody's business here."""
    return b"\xff\xd8\xff" + os.urandom(length - 3)


class Server:
    """The real server with a small demo township."""

    def __init__(self, *options):
        self.options = options
        self.port = 0
        self.folder = tempfile.mkdtemp(prefix="bianfang-tus-")
        demo = [PROGRAM, "demo", "--data-dir", self.folder, "--households", "1"]
        subprocess.run(demo, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.resume()

    def resume(self):
        serve = [PROGRAM, "serve", "--listen", f"127.0.0.1:{self.port}", "--data-dir", self.folder]
        self.process = subprocess.Popen(
            [*serve, *self.options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        ready = re.search(r"ready http://127\.0\.0\.1:(\d+)", self.process.stdout.readline())
        self.port = int(ready[1])

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    def kill(self):
        """As a power cut would."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def dispose(self):
        self.kill()
        shutil.rmtree(self.folder)

    def sign_in(self):
        login = {
            "user": "cadre",
            "password": "bianfang-demo",
            "device": str(uuid.uuid4()),
            "public_key": base64.b64encode(os.urandom(32)).decode(),
        }
        reply = requests.post(f"{self.origin}/api/v1/login", json=login)
        return {"Authorization": f"Bearer {reply.json()['token']}"}


class Cut:
    """A way to the server that carries one connection's first bytes and then breaks."""

    def __init__(self, server, after):
        self.server = server
        self.after = after
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.carry)
        self.thread.start()

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def carry(self):
        near, _ = self.listener.accept()
        far = socket.create_connection(("127.0.0.1", self.server.port))
        left = self.after
        while left > 0:
            taken = near.recv(min(left, 65536))
            far.sendall(taken)
            left -= len(taken)
        # The server has taken in what came before the client learns of the break.
        far.shutdown(socket.SHUT_WR)
        while far.recv(65536):
            pass
        for end in (far, near, self.listener):
            end.close()


def name(content):
    return hashlib.sha256(content).hexdigest()


class Tuspy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.headers = cls.server.sign_in()

    @classmethod
    def tearDownClass(cls):
        cls.server.dispose()

    def uploader(self, content, server=None, headers=None, **options):
        headers = self.headers if headers is None else headers
        client = TusClient((server or self.server).origin + PATH, headers=headers)
        options = {"chunk_size": CHUNK, "metadata": {"sha256": name(content)}, **options}
        return client.uploader(file_stream=io.BytesIO(content), **options)

    def gone_on(self, content, uploader):
        """The same upload in a new process, as far as the server can tell."""
        path = re.sub(r"^http://[^/]+", "", uploader.url)
        return self.uploader(content, url=self.server.origin + path)

    def assert_held(self, content):
        """Its hash was verified, and it is durable. It is shown to nobody while no record names it."""
        asked = {"sha256": [name(content)]}
        reply = requests.post(f"{self.server.origin}/api/v1/photos/held", json=asked, headers=self.headers)
        self.assertEqual((reply.status_code, reply.json()), (200, {"held": [name(content)]}))

    def assert_refused(self, status, code, work):
        with self.assertRaises((TusUploadFailed, TusCommunicationError)) as refused:
            work()
        self.assertEqual(refused.exception.status_code, status)
        self.assertEqual(json.loads(refused.exception.response_content)["code"], code)

    def test_a_photograph_is_uploaded_in_chunks(self):
        content = photograph(300_000)
        self.uploader(content).upload()
        self.assert_held(content)

    def test_chunks_are_checked_on_their_way(self):
        content = photograph(300_000)
        self.uploader(content, upload_checksum=True).upload()
        self.assert_held(content)

    def test_an_upload_whose_connection_is_cut_goes_on_at_the_byte_where_it_broke(self):
        content = photograph(400_000)
        uploader = self.uploader(content, chunk_size=400_000)
        uploader.set_url(uploader.create_url())
        cut = Cut(self.server, after=200_000)
        uploader.url = uploader.url.replace(self.server.origin, cut.origin)
        with self.assertRaises(TusUploadFailed):
            uploader.upload()
        cut.thread.join()
        resumed = self.gone_on(content, uploader)
        self.assertGreater(resumed.offset, 190_000)
        self.assertLess(resumed.offset, 200_000)
        resumed.upload()
        self.assert_held(content)

    def test_an_upload_goes_on_after_the_server_was_killed(self):
        content = photograph(400_000)
        uploader = self.uploader(content)
        uploader.upload(stop_at=3 * CHUNK)
        self.server.kill()
        with self.assertRaises(TusUploadFailed):
            uploader.upload()
        self.server.resume()
        resumed = self.gone_on(content, uploader)
        self.assertEqual(resumed.offset, 3 * CHUNK)
        resumed.upload()
        self.assert_held(content)

    def test_a_wrong_offset_is_refused(self):
        uploader = self.uploader(photograph(100_000))
        uploader.upload(stop_at=CHUNK)
        uploader.offset = 7
        self.assert_refused(409, "wrong_offset", uploader.upload_chunk)

    def test_a_chunk_that_arrives_garbled_is_refused(self):
        content = photograph(100_000)
        uploader = self.uploader(content, upload_checksum=True)
        uploader.set_url(uploader.create_url())
        honest = type(uploader).checksum_algorithm
        type(uploader).checksum_algorithm = property(lambda _: lambda _chunk: hashlib.sha1(b"other"))
        try:
            self.assert_refused(460, "wrong_checksum", uploader.upload_chunk)
        finally:
            type(uploader).checksum_algorithm = honest
        resumed = self.gone_on(content, uploader)
        self.assertEqual(resumed.offset, 0)
        resumed.upload()
        self.assert_held(content)

    def test_more_bytes_than_were_told_or_than_a_photograph_may_have_are_refused(self):
        content = photograph(1_000)
        small = self.uploader(content)
        small.set_url(small.create_url())
        large = self.uploader(content + b"more", url=small.url)
        self.assert_refused(413, "more_than_told", large.upload_chunk)
        too_large = self.uploader(bytes(8 * 1024 * 1024 + 1))
        self.assert_refused(413, "photo_too_large", too_large.upload)

    def test_bytes_that_are_not_the_photograph_are_refused(self):
        uploader = self.uploader(photograph(1_000), metadata={"sha256": name(b"another")})
        self.assert_refused(422, "wrong_hash", uploader.upload)

    def test_without_a_token_nothing_is_taken_in(self):
        self.assert_refused(401, "not_signed_in", self.uploader(photograph(1_000), headers={}).upload)

    def test_an_upload_that_has_expired_is_refused(self):
        strict = Server("--upload-expiry", "0")
        try:
            uploader = self.uploader(photograph(1_000), server=strict, headers=strict.sign_in())
            self.assert_refused(410, "upload_gone", uploader.upload)
        finally:
            strict.dispose()


if __name__ == "__main__":
    unittest.main()
