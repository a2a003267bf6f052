// The whole way of a household visit: recorded with no signal, through a dead battery, to the central ledger and the
// supervisor, and what happens when a colleague edited the same fact meanwhile.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, Device } from "../support/browser.js";
import { Server } from "../support/server.js";

const PASSWORD = "bianfang-demo";
// In 双桥村, which both cadres call on. The demo township is the same every time.
const HOUSEHOLD = { code: "SJ215-00021", name: "李柏林", initials: "lbl" };
const AT_THE_DOOR = { latitude: 28.9195, longitude: 113.30291, accuracy: 9 };
const CONTESTED = "water_state";
const REMARK = "院门口有一条黄狗";

let server, cadre, colleague, supervisor;

before(async () => {
  server = await Server.start();
  cadre = new Device();
  colleague = new Device();
  supervisor = new Device(DESK);
});
after(async () => {
  await Promise.all([cadre, colleague, supervisor].map((device) => device?.dispose()));
  await server?.dispose();
});

async function signIn(device, user) {
  const page = await device.start();
  await device.context.grantPermissions(["geolocation"], { origin: server.origin });
  await device.context.setGeolocation(AT_THE_DOOR);
  await page.goto(server.origin);
  await page.getByTestId("user").fill(user);
  await page.getByTestId("password").fill(PASSWORD);
  await page.getByTestId("sign-in-send").click();
  return page;
}

/** Waits until the shell is on the device and the ledgers of all villages are fetched. */
async function synchronised(page) {
  await page.getByTestId("tab-uploads").click();
  await page.locator('[data-testid=sync][data-phase=idle]').waitFor();
  await page.getByTestId("last-success").waitFor();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

async function openHousehold(page) {
  await page.getByTestId("tab-ledger").click();
  await page.getByTestId("search").fill(HOUSEHOLD.initials);
  await page.getByTestId(`household-${HOUSEHOLD.code}`).click();
  await page.getByTestId("household").waitFor();
}

/** Chooses, types or confirms whatever the form still asks for. */
async function answerAll(page, chosen) {
  await page.getByTestId("choice-outcome-at_home").click();
  await page.getByTestId("met").fill("户主本人");
  for (const [question, choice] of Object.entries(chosen)) {
    await page.getByTestId(`choice-${question}-${choice}`).click();
  }
  await page.getByTestId("confirm-all").click();
  const unanswered = page.locator("[data-testid^=question-]:not(:has([aria-checked=true])):not(:has(input, textarea))");
  while ((await unanswered.count()) > 0) {
    const before = await unanswered.count();
    await unanswered.first().locator("[role=radio], [role=checkbox]").first().click();
    await page.waitForFunction(
      ([selector, count]) => document.querySelectorAll(selector).length !== count,
      ["[data-testid^=question-]:not(:has([aria-checked=true])):not(:has(input, textarea))", before],
    );
  }
}

const record = (page) => page.getByTestId(`record-${HOUSEHOLD.code}`).first();
const place = (page, where) => record(page).locator(`[data-testid=place][data-place=${where}]`);

test("a visit recorded with no signal reaches the ledger and the supervisor, and a contested fact is settled", async () => {
  let page = await signIn(cadre, "cadre");
  await synchronised(page);
  const other = await signIn(colleague, "cadre2");
  await synchronised(other);

  // Into the valley.
  await cadre.context.setOffline(true);
  await colleague.context.setOffline(true);
  await page.reload();
  await openHousehold(page);
  assert.match(await page.getByTestId("household").innerText(), new RegExp(HOUSEHOLD.name));

  // The form: place, answers, what it will do, how far it will be believed.
  await page.getByTestId("visit").click();
  await page.locator("[data-testid=gps][data-advice=good]").waitFor();
  await answerAll(page, { members_changed: "no", illness: "no", water: "unmet" });
  await page.getByTestId("note").fill(REMARK);
  const effects = await page.getByTestId("effect").allInnerTexts();
  assert.ok(effects.some((text) => text.includes("饮水")), effects.join("\n"));
  const seen = await page.locator("[data-testid=evidence] [data-testid=grade]").getAttribute("data-grade");
  // Nobody spent five minutes at this door: the form says so before it is left.
  await page.locator("[data-testid=check-dwell][data-finding=fail]").waitFor();
  await page.locator("[data-testid=check-distance][data-finding=pass]").waitFor();
  await page.getByTestId("save-visit").click();
  await page.locator("[data-testid=saved-place][data-place=device]").waitFor();

  // The battery dies; the phone starts again, still with no signal.
  await cadre.kill();
  page = await cadre.start({ offline: true });
  await page.goto(server.origin);
  await page.getByTestId("tab-uploads").click();
  await place(page, "device").waitFor();
  assert.equal(await page.getByTestId("only-here").getAttribute("data-count"), "1");

  // Meanwhile a colleague corrects the same fact.
  await openHousehold(other);
  await other.getByTestId(`edit-${CONTESTED}`).click();
  await other.getByTestId("value-dialog").locator("[data-testid$=-basic]").click();
  await other.getByTestId("value-save").click();
  await other.getByTestId("value-dialog").waitFor({ state: "detached" });

  // A signal: the record is with the centre.
  await cadre.context.setOffline(false);
  await page.getByTestId("upload-now").click();
  await place(page, "centre").waitFor();
  assert.equal(await page.getByTestId("only-here").getAttribute("data-count"), "0");

  // The colleague's edit meets it; both see both values.
  await colleague.context.setOffline(false);
  await synchronised(other);
  await other.getByTestId("upload-now").click();
  for (const reader of [other, page]) {
    await reader.getByTestId("tab-uploads").click();
    await reader.getByTestId("upload-now").click();
    await openHousehold(reader);
    await reader.getByTestId(`conflict-${CONTESTED}`).waitFor();
    assert.equal(await reader.getByTestId(`conflict-${CONTESTED}`).getByTestId("sibling").count(), 2);
  }

  // The supervisor, at a desk, sees the visit as it was written.
  const desk = await signIn(supervisor, "supervisor");
  await desk.getByTestId("tab-review").click();
  await desk.getByTestId(`visit-${HOUSEHOLD.code}`).first().click();
  const detail = desk.getByTestId("visit-detail");
  await detail.waitFor();
  assert.equal(await desk.locator("[data-testid=evidence] [data-testid=grade]").getAttribute("data-grade"), seen);
  const whole = await desk.locator("main").innerText();
  assert.ok(whole.includes(REMARK) && whole.includes("户主本人"), whole);
  assert.match(await desk.getByTestId("answer-water").innerText(), /不达标/);

  // and settles the conflict, found in the list of all of them,
  await synchronised(desk);
  await desk.getByTestId("tab-conflicts").click();
  await desk.getByTestId("to-household").filter({ hasText: HOUSEHOLD.name }).first().click();
  const sibling = desk.getByTestId(`conflict-${CONTESTED}`).getByTestId("sibling").filter({ hasText: "不达标" });
  await sibling.getByTestId("resolve").click();
  await desk.getByTestId(`conflict-${CONTESTED}`).waitFor({ state: "detached" });
  await synchronised(desk);

  // which both phones learn.
  for (const reader of [page, other]) {
    await reader.getByTestId("tab-uploads").click();
    await reader.getByTestId("upload-now").click();
    await openHousehold(reader);
    await reader.getByTestId(`conflict-${CONTESTED}`).waitFor({ state: "detached" });
    assert.match(await reader.getByTestId(`fact-${CONTESTED}`).innerText(), /不达标/);
  }
  assert.deepEqual([...cadre.complaints, ...colleague.complaints, ...supervisor.complaints], []);
});
