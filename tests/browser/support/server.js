// The real server, with a demo township of its own in a temporary folder.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = process.env.BIANFANG_SERVER ?? "../../target/debug/bianfang-server";
/** The built web client. */
export const SITE = process.env.BIANFANG_SITE ?? "../../target/site";

export class Server {
  #dir = mkdtempSync(join(tmpdir(), "bianfang-server-"));
  #process;
  #listen = "127.0.0.1:0";
  #site;
  /** The server's log, for a person who looks at a failure. */
  log = "";

  /** Makes the demo township and serves it on a free port. `households` is a number per village. */
  static async start({ site = SITE, households } = {}) {
    const server = new Server();
    server.#site = site;
    const size = households ? ["--households", String(households)] : [];
    const made = spawnSync(PROGRAM, ["demo", "--data-dir", server.dataDir, ...size], { encoding: "utf8" });
    if (made.error) throw made.error;
    if (made.status !== 0) throw new Error(`demo failed: ${made.stderr}`);
    await server.resume();
    return server;
  }

  get dataDir() {
    return join(this.#dir, "data");
  }

  /** Serves again after `stop` or `kill`, at the same address. */
  async resume() {
    const args = ["serve", "--listen", this.#listen, "--data-dir", this.dataDir, "--web", this.#site];
    this.#process = spawn(PROGRAM, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#process.stderr.on("data", (text) => (this.log += text));
    this.origin = await this.#ready();
    this.#listen = new URL(this.origin).host;
  }

  async #ready() {
    const lines = createInterface({ input: this.#process.stdout });
    const ended = once(this.#process, "exit").then(([code]) => {
      throw new Error(`the server ended with ${code} before it was ready:\n${this.log}`);
    });
    const ready = new Promise((resolve) => {
      lines.on("line", (line) => {
        this.log += line + "\n";
        const address = /^ready (http:\/\/\S+?)\/?$/.exec(line);
        if (address) resolve(address[1]);
      });
    });
    // Whichever comes first; a later exit is what `stop` waits for.
    ended.catch(() => {});
    return Promise.race([ready, ended]);
  }

  /** Ends it in good order. */
  stop() {
    return this.#end("SIGTERM");
  }

  /** Ends it as a power cut would. */
  kill() {
    return this.#end("SIGKILL");
  }

  async #end(signal) {
    const running = this.#process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, "exit");
    running.kill(signal);
    await ended;
  }

  async dispose() {
    await this.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
