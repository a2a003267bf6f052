// What the client of the tus project itself is promised.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Upload } from "tus-js-client";
import { Server, Way, hash, photograph } from "./support.js";

const PATH = "/api/v1/photos/uploads";
let server, headers;

before(async () => {
  server = await Server.start();
  headers = await server.signIn();
});
after(() => server.dispose());

/** An upload, begun or gone on with, to its end. Rejects with the error and the upload. */
function run(upload) {
  return new Promise((resolve, reject) => {
    upload.options.onSuccess = () => resolve(upload);
    upload.options.onError = (error) => reject(Object.assign(error, { upload }));
    upload.start();
  });
}

function uploadOf(bytes, options = {}) {
  return new Upload(bytes, {
    endpoint: server.origin + PATH,
    headers,
    metadata: { filename: "a.jpg", sha256: hash(bytes) },
    chunkSize: 64 * 1024,
    retryDelays: null,
    storeFingerprintForResuming: false,
    ...options,
  });
}

async function refused(upload, status, code) {
  const error = await run(upload).then(
    () => assert.fail("it was taken in"),
    (error) => error,
  );
  assert.equal(error.originalResponse?.getStatus(), status, String(error));
  assert.equal(JSON.parse(error.originalResponse.getBody()).code, code);
  return error.upload;
}

/** Its hash was verified, and it is durable. It is shown to nobody while no record names it. */
async function assertHeld(bytes, at = server) {
  const reply = await fetch(`${at.origin}/api/v1/photos/held`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ sha256: [hash(bytes)] }),
  });
  assert.deepEqual(await reply.json(), { held: [hash(bytes)] });
}

/** The offset that the server named when the upload was gone on with. */
async function goOn(upload) {
  let offset;
  upload.options.onAfterResponse = (request, response) => {
    if (request.getMethod() === "HEAD") offset = Number(response.getHeader("Upload-Offset"));
  };
  await run(upload);
  return offset;
}

/** A request is changed on its way out. */
function changing(method, name, value) {
  return {
    onBeforeRequest: (request) => {
      if (request.getMethod() === method) request.setHeader(name, value(request.getHeader(name)));
    },
  };
}

test("a photograph is uploaded in chunks, and again it is there at once", async () => {
  const bytes = photograph(300_000);
  await run(uploadOf(bytes));
  await assertHeld(bytes);
  const again = uploadOf(bytes, { retryDelays: [0] });
  await run(again);
  await assertHeld(bytes);
});

test("a photograph comes with its creation", async () => {
  const bytes = photograph(100_000);
  await run(uploadOf(bytes, { uploadDataDuringCreation: true, chunkSize: Infinity }));
  await assertHeld(bytes);
});

test("an upload whose connection is cut goes on at the byte where it broke", async () => {
  const way = await Way.to(server);
  try {
    const bytes = photograph(400_000);
    const upload = uploadOf(bytes, { endpoint: way.origin + PATH, chunkSize: Infinity });
    upload.options.onUploadUrlAvailable = () => way.cutOnceAfter(200_000);
    await assert.rejects(run(upload));
    upload.options.onUploadUrlAvailable = null;
    const offset = await goOn(upload);
    assert.ok(offset > 190_000 && offset < 200_000, `${offset} bytes were there`);
    await assertHeld(bytes);
  } finally {
    way.close();
  }
});

test("a wrong offset is refused, and the upload can go on", async () => {
  const bytes = photograph(100_000);
  const upload = await refused(
    uploadOf(bytes, changing("PATCH", "Upload-Offset", (offset) => String(Number(offset) + 7))),
    409,
    "wrong_offset",
  );
  upload.options.onBeforeRequest = null;
  await run(upload);
  await assertHeld(bytes);
});

test("a chunk that arrives garbled is refused, and the upload can go on", async () => {
  const bytes = photograph(100_000);
  const wrong = `sha1 ${photograph(20).toString("base64")}`;
  const upload = await refused(
    uploadOf(bytes, changing("PATCH", "Upload-Checksum", () => wrong)),
    460,
    "wrong_checksum",
  );
  upload.options.onBeforeRequest = null;
  assert.equal(await goOn(upload), 0);
  await assertHeld(bytes);
});

test("more bytes than were told, or than a photograph may have, are refused", async () => {
  const bytes = photograph(60_000);
  await refused(uploadOf(bytes, changing("POST", "Upload-Length", () => "50000")), 413, "more_than_told");
  await refused(uploadOf(Buffer.alloc(8 * 1024 * 1024 + 1)), 413, "photo_too_large");
});

test("bytes that are not the photograph are refused", async () => {
  const metadata = { sha256: hash(Buffer.from("another")) };
  await refused(uploadOf(photograph(1_000), { metadata }), 422, "wrong_hash");
});

test("without a token nothing is taken in", async () => {
  await refused(uploadOf(photograph(1_000), { headers: {} }), 401, "not_signed_in");
});

test("an upload that was given up is gone", async () => {
  const upload = uploadOf(photograph(200_000), changing("PATCH", "Upload-Offset", () => "7"));
  await refused(upload, 409, "wrong_offset");
  await upload.abort(true);
  const reply = await fetch(upload.url, { method: "HEAD", headers: { ...headers, "Tus-Resumable": "1.0.0" } });
  assert.equal(reply.status, 404);
});

test("an upload that has expired is refused, and a new one may begin", async () => {
  const strict = await Server.start("--upload-expiry", "0");
  try {
    const bytes = photograph(1_000);
    const options = { endpoint: strict.origin + PATH, headers: await strict.signIn() };
    await refused(uploadOf(bytes, options), 410, "upload_gone");
    await run(uploadOf(bytes, { ...options, uploadDataDuringCreation: true }));
  } finally {
    await strict.dispose();
  }
});

// Last: connections that the client keeps for later do not survive it.
test("an upload goes on after the server was killed", async () => {
  const bytes = photograph(400_000);
  const upload = uploadOf(bytes);
  upload.options.onChunkComplete = (_, accepted) => {
    if (accepted === 128 * 1024) upload.killed = server.kill();
  };
  await assert.rejects(run(upload));
  await upload.killed;
  await server.resume();
  upload.options.onChunkComplete = null;
  const offset = await goOn(upload);
  assert.ok(offset >= 128 * 1024, `${offset} bytes were there of those acknowledged`);
  await assertHeld(bytes);
});
