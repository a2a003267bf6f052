// The page's side of the service worker: registers it, and says when a newer version lies ready.
// A newer version never takes over by itself: the person chooses the moment.

let registration;

export async function watch_update(onReady) {
  if (!("serviceWorker" in navigator)) return;
  registration = await navigator.serviceWorker.register("/sw.js");
  const look = () => {
    // Without a controller this is the first visit, and what waits is the version already on the screen.
    if (registration.waiting && navigator.serviceWorker.controller) onReady();
  };
  look();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", look);
  });
  const ask = () => {
    // With no signal this fails, and is asked again when the signal returns.
    if (document.visibilityState === "visible") registration.update().catch(() => {});
  };
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("online", ask);
}

export function start_update() {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration?.waiting?.postMessage("take-over");
}
