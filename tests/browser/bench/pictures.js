// How long the browser's worker takes for a photograph of 12 megapixels, and how much memory the tab takes for it. One
// JSON line for each figure; judges nothing.

import { Device } from "../support/browser.js";
import { openForm, signIn, synchronised } from "../support/captures.js";
import { picture } from "../support/picture.js";
import { Server } from "../support/server.js";

/** How often; the median is told. */
const TIMES = 9;
const [WIDTH, HEIGHT] = [4000, 3000];
/** So much that the file is as large as a camera's, some 3 MB. */
const GRAIN = 0.18;

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const tell = (name, value, unit, more) =>
  console.log(JSON.stringify({ name, value: Math.round(value * 10) / 10, unit, with: more }));

const server = await Server.start();
const phone = new Device();
try {
  const page = await signIn(phone, server, "cadre");
  await synchronised(page);
  await openForm(page, "water_check", "water_supply");
  // Only then the form asks for a photograph.
  await page.getByTestId("choice-outcome-done").click();
  const field = page.getByTestId("question-photo_water");
  const files = [];
  for (let seed = 1; seed <= TIMES; seed += 1) {
    files.push(await picture(page, { width: WIDTH, height: HEIGHT, seed, grain: GRAIN }));
  }
  const [worker] = page.workers();
  const [prepared, shown, memory] = [[], [], []];
  for (const file of files) {
    phone.forgetPeakMemory();
    const before = phone.memory("VmRSS");
    const start = performance.now();
    await page.getByTestId("photo-file-photo_water").setInputFiles(file);
    await field.getByTestId("photo").waitFor();
    shown.push(performance.now() - start);
    memory.push((phone.memory("VmHWM") - before) / 1024);
    prepared.push(await worker.evaluate(() => performance.getEntriesByName("bianfang-picture").at(-1).duration));
    await field.getByTestId("photo-drop").click();
    await page.getByTestId("photo-drop-yes").click();
    await field.getByTestId("photo").waitFor({ state: "detached" });
  }
  const kb = Math.round(median(files.map((file) => file.buffer.length)) / 1024);
  const more = { megapixels: (WIDTH * HEIGHT) / 1e6, file_kb: kb, times: TIMES };
  tell("photo_prepared_in_worker", median(prepared), "ms", { ...more, slowest_ms: Math.round(Math.max(...prepared)) });
  tell("photo_shown_after_choosing", median(shown), "ms", more);
  tell("photo_prepared_in_worker_peak_memory", median(memory), "MB", more);
} finally {
  await phone.dispose();
  await server.dispose();
}
