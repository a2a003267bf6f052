// The camera stream in a video element of the page, stills from it, and copies of pictures with words on them.

// A little more than what is kept of a picture, so that little is scaled up.
const WIDTH_PX = 2048;
const HEIGHT_PX = 1536;
const JPEG_QUALITY = 0.92;

/** Turns a camera on. Rejects with a DOMException whose name says why there is none. */
export async function open_camera(element, lens, lost) {
  if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("no cameras for pages", "NotSupportedError");
  const which = lens ? { deviceId: { exact: lens } } : { facingMode: { ideal: "environment" } };
  const size = { width: { ideal: WIDTH_PX }, height: { ideal: HEIGHT_PX } };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...which, ...size } });
  const video = document.getElementById(element);
  if (!video) {
    // The screen was left while the person was being asked.
    stop(stream);
    throw new DOMException("the screen was left", "AbortError");
  }
  video.srcObject = stream;
  await video.play();
  const [track] = stream.getVideoTracks();
  track.addEventListener("ended", lost);
  const devices = await navigator.mediaDevices.enumerateDevices();
  const lenses = devices.filter((device) => device.kind === "videoinput").map((device) => device.deviceId);
  const own = lenses.indexOf(track.getSettings().deviceId);
  const next = lenses.length > 1 ? lenses[(own + 1) % lenses.length] : undefined;
  return { stream, track, video, lost, next, torch: Boolean(track.getCapabilities?.().torch) };
}

export function next_lens(camera) {
  return camera.next;
}

export function has_torch(camera) {
  return camera.torch;
}

export async function set_torch(camera, on) {
  await camera.track.applyConstraints({ advanced: [{ torch: on }] });
  return on;
}

/** What is seen now, as a JPEG. */
export async function take_still(camera) {
  const { video } = camera;
  if (!video.videoWidth || camera.track.readyState !== "live") throw new DOMException("no picture", "AbortError");
  return jpeg(draw(video, video.videoWidth, video.videoHeight).canvas);
}

export function close_camera(camera) {
  // Stopping by ourselves is no loss.
  camera.track.removeEventListener("ended", camera.lost);
  stop(camera.stream);
  if (camera.video.srcObject === camera.stream) camera.video.srcObject = null;
}

function stop(stream) {
  stream.getTracks().forEach((track) => track.stop());
}

function draw(source, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  pen.drawImage(source, 0, 0, width, height);
  return { canvas, pen };
}

function jpeg(canvas) {
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new DOMException("no picture", "EncodingError"))), "image/jpeg", JPEG_QUALITY);
  });
}

/** A copy of a picture with lines of text over its lower edge, as a JPEG's bytes. */
export async function watermarked(address, lines) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const { canvas, pen } = draw(image, width, height);
  const size = Math.max(16, Math.round(Math.min(width, height) / 28));
  const step = Math.round(size * 1.45);
  const pad = Math.round(size * 0.8);
  pen.font = `${size}px system-ui, "Noto Sans CJK SC", "PingFang SC", sans-serif`;
  const wrapped = lines.flatMap((line) => wrap(pen, line, width - 2 * pad));
  const top = height - wrapped.length * step - pad;
  pen.fillStyle = "rgba(0, 0, 0, 0.5)";
  pen.fillRect(0, top - pad / 2, width, height - top + pad / 2);
  pen.fillStyle = "#fff";
  pen.textBaseline = "top";
  wrapped.forEach((line, at) => pen.fillText(line, pad, top + at * step));
  return new Uint8Array(await (await jpeg(canvas)).arrayBuffer());
}

/** A line broken where it would leave the picture; Chinese may break anywhere. */
function wrap(pen, line, width) {
  const rows = [""];
  for (const letter of line) {
    const longer = rows[rows.length - 1] + letter;
    if (pen.measureText(longer).width > width) rows.push(letter);
    else rows[rows.length - 1] = longer;
  }
  return rows;
}
