// What people do on the way to a record: sign in, be up to date, open a form, add photographs.

import { picture } from "./picture.js";

const PASSWORD = "bianfang-demo";
// 双桥村, where the cadre's houses, supplies and posts are.
const IN_THE_VILLAGE = { latitude: 28.9195, longitude: 113.30291, accuracy: 9 };

/** Lets the page use place and camera. Asked anew after every start of the browser. */
export async function allow(device, server) {
  await device.context.grantPermissions(["geolocation", "camera"], { origin: server.origin });
  await device.context.setGeolocation(IN_THE_VILLAGE);
}

export async function signIn(device, server, user) {
  const page = await device.start();
  await allow(device, server);
  await page.goto(server.origin);
  await page.getByTestId("user").fill(user);
  await page.getByTestId("password").fill(PASSWORD);
  await page.getByTestId("sign-in-send").click();
  return page;
}

/** Until all ledgers are on the device and the shell opens without a signal. */
export async function synchronised(page) {
  await page.getByTestId("tab-uploads").click();
  await page.locator("[data-testid=sync][data-phase=idle]").waitFor();
  await page.getByTestId("last-success").waitFor();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/**
 * Opens the form of the first that is due, or else of the first there is, and answers what it is about. With `showing`,
 * of the first of the whole list that says so.
 */
export async function openForm(page, kind, ledger, showing) {
  await page.getByTestId("tab-today").click();
  await page.getByTestId(`record-${kind}`).click();
  const which = page.getByTestId(`choose-${ledger}`);
  await which.or(page.getByTestId("choose-all")).first().waitFor();
  if (await which.count()) await which.click();
  await page.getByTestId("choose-all").waitFor();
  const rows = showing
    ? page.locator("[data-testid=choose-all] a").filter({ hasText: showing })
    : page.locator("[data-testid=choose-due] a, [data-testid=choose-all] a");
  await rows.first().click();
  await page.getByTestId(`${kind}-form`).waitFor();
  return (await page.getByTestId("subject").locator(".bf-name").first().innerText()).trim();
}

const photos = (page, question) => page.getByTestId(`question-${question}`).getByTestId("photo");

/** Takes a photograph with the camera. */
export async function shoot(page, question) {
  await page.getByTestId(`photo-take-${question}`).click();
  await page.locator("[data-testid=camera][data-state=live]").waitFor();
  await page.getByTestId("shutter").click();
  await page.getByTestId("camera-newest").waitFor();
  await page.getByTestId("camera-done").click();
  await photos(page, question).waitFor();
}

/** Chooses a photograph from the phone's files. */
export async function choose(page, question, seed) {
  const file = await picture(page, { seed });
  await page.getByTestId(`photo-file-${question}`).setInputFiles(file);
  await photos(page, question).getByTestId("photo-gallery").waitFor();
}
