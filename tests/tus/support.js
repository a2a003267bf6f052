// The real server with a small demo township, and a way to it that can be cut.

import { spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = process.env.BIANFANG_SERVER ?? "../../target/debug/bianfang-server";

export class Server {
  #dir = mkdtempSync(join(tmpdir(), "bianfang-tus-"));
  #process;
  #options;
  port = 0;

  static async start(...options) {
    const server = new Server();
    server.#options = options;
    const made = spawnSync(PROGRAM, ["demo", "--data-dir", server.#dir, "--households", "1"]);
    if (made.status !== 0) throw new Error(`demo failed: ${made.error ?? made.stderr}`);
    await server.resume();
    return server;
  }

  /** Serves again after `kill`, at the same address. */
  async resume() {
    const listen = ["--listen", `127.0.0.1:${this.port}`, "--data-dir", this.#dir];
    this.#process = spawn(PROGRAM, ["serve", ...listen, ...this.#options], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    for await (const line of createInterface({ input: this.#process.stdout })) {
      const ready = /^ready http:\/\/127\.0\.0\.1:(\d+)/.exec(line);
      if (!ready) continue;
      this.port = Number(ready[1]);
      return;
    }
    throw new Error("the server ended before it was ready");
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Ends it as a power cut would. */
  async kill() {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }

  async dispose() {
    await this.kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** A new phone of a cadre, as the headers that it sends. */
  async signIn() {
    const body = JSON.stringify({
      user: "cadre",
      password: "bianfang-demo",
      device: randomUUID(),
      public_key: randomBytes(32).toString("base64"),
    });
    const reply = await fetch(`${this.origin}/api/v1/login`, { method: "POST", body });
    return { Authorization: `Bearer ${(await reply.json()).token}` };
  }
}

/** A way to a server. Once told, it lets so many bytes through and then breaks. */
export class Way {
  #listener;
  #cutAfter = Infinity;

  static async to(server) {
    const way = new Way();
    way.#listener = createServer((near) => way.#carry(near, connect(server.port, "127.0.0.1")));
    way.#listener.listen(0, "127.0.0.1");
    await once(way.#listener, "listening");
    return way;
  }

  get origin() {
    return `http://127.0.0.1:${this.#listener.address().port}`;
  }

  cutOnceAfter(bytes) {
    this.#cutAfter = bytes;
  }

  close() {
    this.#listener.close();
  }

  #carry(near, far) {
    let carried = 0;
    // What breaks here is meant to break.
    for (const end of [near, far]) end.on("error", () => end.destroy());
    far.on("data", (bytes) => near.write(bytes));
    // The server has taken in what came before the client learns of the break.
    far.on("close", () => near.destroy());
    near.on("close", () => far.destroy());
    near.on("data", (bytes) => {
      const left = this.#cutAfter - carried;
      carried += bytes.length;
      if (carried < this.#cutAfter) {
        far.write(bytes);
      } else if (left > 0) {
        this.#cutAfter = Infinity;
        near.removeAllListeners("data").pause();
        // No answer comes through any more either.
        far.removeAllListeners("data").resume();
        far.end(bytes.subarray(0, left));
      }
    });
  }
}

/** Bytes that begin as a photograph does; what follows is nobody's business here. */
export function photograph(length) {
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), randomBytes(length - 3)]);
}

export function hash(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}
