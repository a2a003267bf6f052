// A picture as a phone's gallery holds one, drawn in a page: large enough that it has to be made smaller.

/** A JPEG of this size. `seed` tells pictures apart. `grain`, up to 1, is how much of a sensor's noise is in it: without
 * any the file is a twentieth of a camera's. */
export async function picture(page, { width = 4000, height = 3000, seed = 1, grain = 0 } = {}) {
  const base64 = await page.evaluate(
    async ({ width, height, seed, grain }) => {
      const canvas = new OffscreenCanvas(width, height);
      const pen = canvas.getContext("2d");
      const random = (() => {
        let state = seed * 2654435761;
        return () => ((state = (state * 1664525 + 1013904223) >>> 0) / 2 ** 32);
      })();
      // A house before hills: sky, ground, walls, roof, door, windows, and patches that no other house has.
      const sky = pen.createLinearGradient(0, 0, 0, height * 0.6);
      sky.addColorStop(0, "#7fb2e5");
      sky.addColorStop(1, "#e9eef2");
      pen.fillStyle = sky;
      pen.fillRect(0, 0, width, height);
      pen.fillStyle = "#7a8f55";
      pen.fillRect(0, height * 0.62, width, height);
      const left = width * (0.15 + 0.2 * random());
      const wide = width * (0.35 + 0.2 * random());
      pen.fillStyle = "#c8b89a";
      pen.fillRect(left, height * 0.35, wide, height * 0.4);
      pen.fillStyle = "#5b4a3f";
      pen.beginPath();
      pen.moveTo(left - width * 0.03, height * 0.35);
      pen.lineTo(left + wide / 2, height * (0.12 + 0.1 * random()));
      pen.lineTo(left + wide + width * 0.03, height * 0.35);
      pen.fill();
      for (let patch = 0; patch < 60; patch += 1) {
        pen.fillStyle = `hsl(${random() * 360} 30% ${20 + random() * 60}%)`;
        pen.fillRect(random() * width, random() * height, width * 0.05 * random(), height * 0.08 * random());
      }
      if (grain > 0) {
        const noise = new OffscreenCanvas(512, 512);
        const dots = new ImageData(noise.width, noise.height);
        for (let at = 0; at < dots.data.length; at += 1) dots.data[at] = at % 4 === 3 ? 255 : 256 * random();
        noise.getContext("2d").putImageData(dots, 0, 0);
        pen.globalAlpha = grain;
        pen.globalCompositeOperation = "overlay";
        pen.fillStyle = pen.createPattern(noise, "repeat");
        pen.fillRect(0, 0, width, height);
      }
      const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let text = "";
      for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
      return btoa(text);
    },
    { width, height, seed, grain },
  );
  return { name: `IMG_${seed}.jpg`, mimeType: "image/jpeg", buffer: Buffer.from(base64, "base64") };
}
