// The shell around the screens: it opens, it opens with no signal, it outlives the browser, it has one owner at a
// time, and it is replaced only when the person says so.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { Device } from "../support/browser.js";
import { SITE, Server } from "../support/server.js";

const HOUSEHOLDS = 3;
let site, server, device, page;

before(async () => {
  site = join(mkdtempSync(join(tmpdir(), "bianfang-site-")), "site");
  cpSync(SITE, site, { recursive: true });
  server = await Server.start({ site, households: HOUSEHOLDS });
});
after(async () => {
  await server?.dispose();
  rmSync(site, { recursive: true, force: true });
});
beforeEach(async () => {
  device = new Device();
  page = await device.start();
});
afterEach(() => device.dispose());

const owns = (page) => page.locator("[data-ownership=here]").waitFor({ state: "attached" });

/** Waits until the shell is on the device: from then on no signal is needed. */
async function open(page, path = "/") {
  await page.goto(server.origin + path);
  await owns(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

test("the shell opens and complains of nothing", async () => {
  await open(page);
  assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-CN");
  assert.deepEqual(device.complaints, []);
});

test("nothing is asked of anyone but the centre", async () => {
  const asked = new Set();
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  await open(page);
  assert.deepEqual([...asked].filter((origin) => origin !== server.origin && origin !== "null"), []);
});

test("it can be installed to the home screen", async () => {
  await open(page);
  const devtools = await device.context.newCDPSession(page);
  const { errors } = await devtools.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  assert.deepEqual(installabilityErrors, []);
});

test("with no signal it opens again, at any address", async () => {
  await open(page);
  await device.context.setOffline(true);
  await page.reload();
  await owns(page);
  await page.goto(server.origin + "/ledger/households");
  await owns(page);
});

test("after the browser is killed it opens with no signal", async () => {
  await open(page);
  await device.kill();
  page = await device.start({ offline: true });
  await page.goto(server.origin);
  await owns(page);
});

test("answers of the service are never taken from the shell's cache", async () => {
  await open(page);
  const kept = await page.evaluate(async () => {
    await fetch("/healthz");
    await fetch("/api/v1/session");
    const names = await caches.keys();
    const caught = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return caught.flat().map((request) => new URL(request.url).pathname);
  });
  assert.ok(kept.includes("/index.html"), kept.join(" "));
  assert.deepEqual(kept.filter((path) => path.startsWith("/api") || path === "/healthz"), []);
});

test("a second window says where the app is open, and can take over", async () => {
  await open(page);
  const second = await device.context.newPage();
  await second.goto(server.origin);
  await second.getByTestId("gate-elsewhere").waitFor();
  await second.getByTestId("take-over").click();
  await owns(second);
  await page.bringToFront();
  await page.getByTestId("take-over").click();
  await owns(page);
});

test("a second window goes on by itself when the first is closed", async () => {
  await open(page);
  const second = await device.context.newPage();
  await second.goto(server.origin);
  await second.getByTestId("gate-elsewhere").waitFor();
  await page.close();
  await owns(second);
});

test("a browser that cannot store refuses to collect and says why", async () => {
  // Workers take the page's prototypes from their own realm, so the worker's script is what must be changed.
  await device.context.route("**/worker.js", async (route) => {
    const response = await route.fetch();
    const body = "delete StorageManager.prototype.getDirectory;\n" + (await response.text());
    await route.fulfill({ response, body });
  });
  await page.goto(server.origin);
  await page.getByTestId("gate-impossible").waitFor();
  assert.equal(await page.locator("[data-ownership=here]").count(), 0);
});

test("a newer version waits until the person starts it, then opens with no signal too", async () => {
  await open(page);
  const old = readFileSync(join(site, "build-id.txt"), "utf8");
  const newer = old.replace(/./g, (digit) => (digit === "f" ? "0" : "f"));
  renameBuild(site, old, newer);

  await page.evaluate(() => navigator.serviceWorker.getRegistration().then((found) => found.update()).then(() => true));
  await page.getByTestId("update").waitFor();
  await page.reload();
  await owns(page);
  assert.equal(await shownBuild(page), old);

  await page.getByTestId("start-update").click();
  await page.waitForFunction((id) => document.querySelector("script[type=module]")?.src.includes(id), newer);
  await owns(page);
  await device.context.setOffline(true);
  await page.reload();
  await owns(page);
  assert.equal(await shownBuild(page), newer);
});

const shownBuild = (page) =>
  page.evaluate(() => /build\/([0-9a-f]+)\//.exec(document.querySelector("script[type=module]").src)[1]);

/** Makes the site look like one built from other sources. */
function renameBuild(site, from, to) {
  renameSync(join(site, "build", from), join(site, "build", to));
  for (const name of readdirSync(site, { recursive: true })) {
    const file = join(site, name);
    if (statSync(file).isDirectory()) continue;
    // The packed copies still hold the old id; the server falls back to the files themselves.
    if (/\.(br|gz)$/.test(name)) rmSync(file);
    else if (/\.(js|html|txt)$/.test(name)) writeFileSync(file, readFileSync(file, "utf8").replaceAll(from, to));
  }
}
