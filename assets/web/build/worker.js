// The worker that owns the database. Texts that come while the module loads are kept for it.
import init, { start_worker } from "./app.js";

const early = [];
self.onmessage = (event) => early.push(event.data);
try {
  await init();
  start_worker(early);
} catch (error) {
  // A rejected promise stays in the worker; an error outside of one reaches the page.
  setTimeout(() => {
    throw error;
  });
}
