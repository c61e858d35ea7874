// The scanner: the camera's picture, read by the browser where it can and by our own thread where it can't.
import { h, onLeave } from "./dom.js";
import { t } from "./words.js";

const EVERY = 150;
const WIDEST = 800;

async function browserReader() {
  if (!("BarcodeDetector" in window)) return null;
  const formats = await BarcodeDetector.getSupportedFormats();
  if (!formats.includes("qr_code")) return null;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return { read: async (video) => (await detector.detect(video))[0]?.rawValue || "", end: () => {} };
}

function ownReader() {
  const worker = new Worker(`${document.body.dataset.root}decoder.js`);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return {
    read: (video) => new Promise((resolve, reject) => {
      const scale = Math.min(1, WIDEST / video.videoWidth);
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      pen.drawImage(video, 0, 0, canvas.width, canvas.height);
      const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height);
      worker.onmessage = (event) => resolve(event.data);
      worker.onerror = reject;
      worker.postMessage({ pixels: data.buffer, width, height }, [data.buffer]);
    }),
    end: () => worker.terminate(),
  };
}

// A viewfinder that calls `found` once with what it read. Gives the element; the camera ends with the screen.
export function scanner(found) {
  const video = h("video", { autoplay: true, playsinline: true, muted: true });
  const told = h("p", { class: "told" }, t("把标签上的方块对准取景框"));
  const light = h("button", { type: "button", class: "light", hidden: true }, t("开灯"));
  const element = h("div", { class: "finder" }, video, h("div", { class: "frame" }), told, light);
  let stream = null, reader = null, ended = false, timer = 0;
  const end = () => {
    ended = true;
    clearTimeout(timer);
    reader?.end();
    stream?.getTracks().forEach((track) => track.stop());
  };
  onLeave(end);

  const look = async () => {
    if (ended) return;
    try {
      const text = video.readyState >= 2 && video.videoWidth ? await reader.read(video) : "";
      if (text && !ended) {
        end();
        navigator.vibrate?.(60);
        found(text);
        return;
      }
    } catch (error) {
      console.warn(error);
    }
    timer = setTimeout(look, EVERY);
  };

  (async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } }, audio: false,
      });
      if (ended) { stream.getTracks().forEach((track) => track.stop()); return; }
      video.srcObject = stream;
      reader = (await browserReader().catch(() => null)) || ownReader();
      const [track] = stream.getVideoTracks();
      if (track.getCapabilities?.().torch) {
        let lit = false;
        light.hidden = false;
        light.onclick = () => { lit = !lit; track.applyConstraints({ advanced: [{ torch: lit }] }); };
      }
      look();
    } catch {
      element.classList.add("dark");
      told.textContent = t("用不了相机：请允许使用相机，或在下面输入编号。");
    }
  })();
  return element;
}
