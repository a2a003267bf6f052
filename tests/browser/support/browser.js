// A real Chromium with a profile of its own on disk, so that it can be killed and started again.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, devices } from "playwright-core";

const PROGRAM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--hide-crash-restore-bubble",
  // A camera that shows a moving pattern, and nobody to ask whether it may be used.
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
];

/** A phone held upright, as most people hold it. */
export const PHONE = { ...devices["Pixel 7"], viewport: { width: 412, height: 915 } };
/** A desk. */
export const DESK = { viewport: { width: 1280, height: 800 } };

/** A person's device: what it stores outlives the browser. Remove it with `dispose`. */
export class Device {
  #profile = mkdtempSync(join(tmpdir(), "bianfang-profile-"));
  #options;
  /** What the page wrote to its console as errors or warnings, or threw. Empty when all is well. */
  complaints = [];

  constructor(options = PHONE) {
    this.#options = { locale: "zh-CN", timezoneId: "Asia/Shanghai", ...options };
  }

  /** Starts the browser and answers its page. Once started, it knows no more of the network than `offline` says. */
  async start({ offline = false } = {}) {
    this.context = await chromium.launchPersistentContext(this.#profile, {
      executablePath: PROGRAM,
      args: FLAGS,
      ...this.#options,
    });
    this.context.on("page", (page) => this.#listen(page));
    this.context.pages().forEach((page) => this.#listen(page));
    await this.context.setOffline(offline);
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
    return this.page;
  }

  #listen(page) {
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      // A request that fails with no signal is logged by the browser itself and is no fault of the page's.
      const network = message.text().startsWith("Failed to load resource: net::ERR_INTERNET_DISCONNECTED");
      if (["error", "warning"].includes(message.type()) && !network) this.complaints.push(message.text());
    });
  }

  /** Closes the browser in good order. */
  async stop() {
    await this.context?.close();
    this.context = undefined;
  }

  /** Ends the browser as a dead battery would: no page hears of it, nothing is flushed. */
  async kill() {
    const closed = new Promise((resolve) => this.context.once("close", resolve));
    for (const pid of this.#processes()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch (gone) {
        if (gone.code !== "ESRCH") throw gone;
      }
    }
    await closed;
    this.context = undefined;
  }

  async dispose() {
    await this.stop();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Kilobytes of the tab's process, by the name of a line that Linux has of it. */
  memory(line) {
    const told = readFileSync(`/proc/${this.#tab()}/status`, "utf8").match(new RegExp(`^${line}:\\s+(\\d+) kB`, "m"));
    return Number(told[1]);
  }

  /** Lets the high-water mark of the tab's memory begin anew. */
  forgetPeakMemory() {
    writeFileSync(`/proc/${this.#tab()}/clear_refs`, "5");
  }

  /** The process that shows the page: of several the largest. */
  #tab() {
    const resident = (pid) => Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
    const shows = (pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=renderer");
    return this.#processes().filter(shows).sort((a, b) => resident(b) - resident(a))[0];
  }

  /** Every process of this browser and of no other: they name this device's profile. */
  #processes() {
    const named = (pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(this.#profile);
      } catch {
        return false;
      }
    };
    if (process.platform === "linux") {
      return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && named(name)).map(Number);
    }
    const found = execFileSync("pgrep", ["-f", this.#profile], { encoding: "utf8" });
    return found.split("\n").filter(Boolean).map(Number);
  }
}
