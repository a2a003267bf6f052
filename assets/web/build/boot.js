// Starts the screens. Everything else is in the module.
import init, { start_ui } from "./app.js";

const opening = document.getElementById("opening");
try {
  await init();
  start_ui(new URL("./worker.js", import.meta.url).href, "__BUILD__");
  opening.remove();
} catch (error) {
  console.error(error);
  opening.textContent =
    "遍访没能打开。已保存的记录都在本机，没有丢失。请重新打开；仍不行时请更新浏览器。 " +
    "Bianfang could not open. What was saved is still on this device. Open it again, or update the browser.";
}
