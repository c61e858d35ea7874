// Photographs: taken in the page or chosen, made small on the phone, with time and place written into the picture.
import { sha256 } from "./capsule.js";
import { Trouble, button, filePicker, h, onLeave, toast } from "./dom.js";
import { t, moment } from "./words.js";

const LONGEST = 1600;
const QUALITY = 0.8;
const SMALL = 160;
const MOST = 10;

export const position = { now: null, refused: false };

// Where the phone is, when the errand asks for it; without an answer the work goes on.
export function followPosition() {
  if (!navigator.geolocation) { position.refused = true; return; }
  const seen = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      position.refused = false;
      position.now = {
        lat_e6: Math.round(coords.latitude * 1e6), lon_e6: Math.round(coords.longitude * 1e6),
        accuracy_m: Math.round(coords.accuracy), at: new Date(timestamp).toISOString(),
      };
    },
    () => { position.refused = true; },
    { enableHighAccuracy: true, maximumAge: 60000, timeout: 30000 });
  onLeave(() => navigator.geolocation.clearWatch(seen));
}

const toBlob = (canvas, quality) => new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));

function drawn(source, width, height, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function caption(canvas, lines) {
  const draw = canvas.getContext("2d");
  const size = Math.max(14, Math.round(canvas.width / 42));
  draw.font = `${size}px sans-serif`;
  const height = lines.length * size * 1.4 + size * 0.6;
  draw.fillStyle = "rgba(0, 0, 0, .55)";
  draw.fillRect(0, canvas.height - height, canvas.width, height);
  draw.fillStyle = "#fff";
  draw.textBaseline = "top";
  lines.forEach((line, index) =>
    draw.fillText(line, size * 0.6, canvas.height - height + size * 0.4 + index * size * 1.4, canvas.width - size));
}

function place() {
  if (!position.now) return "";
  const { lat_e6: lat, lon_e6: lon, accuracy_m: accuracy } = position.now;
  return `${(lat / 1e6).toFixed(5)}, ${(lon / 1e6).toFixed(5)} ±${accuracy}m`;
}

// A picture ready to be kept: JPEG no longer than 1600 pixels, its digest, and a small one to show.
async function make(source, width, height, about, withPosition) {
  const canvas = drawn(source, width, height, LONGEST);
  caption(canvas, [`${moment(Date.now())}  ${withPosition ? place() : ""}`.trim(), about].filter(Boolean));
  const blob = await toBlob(canvas, QUALITY);
  if (!blob) throw new Trouble(t("照片没有拍成，请再拍一次。"));
  const small = drawn(canvas, canvas.width, canvas.height, SMALL).toDataURL("image/jpeg", 0.7);
  canvas.width = canvas.height = 0;
  const bytes = await blob.arrayBuffer();
  return { bytes, sha256: await sha256(bytes), small };
}

async function fromFile(file, about, withPosition) {
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    return await make(image, image.naturalWidth, image.naturalHeight, about, withPosition);
  } catch (error) {
    throw error.words ? error : new Trouble(t("这张照片打不开，请换一张。"));
  } finally {
    URL.revokeObjectURL(address);
  }
}

// The camera in the page: the system's own would make a weak phone throw the page away.
function fromCamera(about, withPosition) {
  return new Promise((resolve, reject) => {
    const video = h("video", { autoplay: true, playsinline: true, muted: true });
    const dialog = h("dialog", { class: "camera", "aria-label": t("拍照") }, video,
      h("div", { class: "row" },
        button(t("取消"), () => dialog.close()),
        button(t("按下拍照"), async () => {
          if (!video.videoWidth) return;
          picture = await make(video, video.videoWidth, video.videoHeight, about, withPosition);
          dialog.close();
        }, { tone: "main", image: "photo" })));
    let picture = null, stream = null;
    dialog.addEventListener("close", () => {
      stream?.getTracks().forEach((track) => track.stop());
      dialog.remove();
      resolve(picture);
    });
    document.body.append(dialog);
    dialog.showModal();
    navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1440 } }, audio: false,
    }).then((opened) => {
      stream = opened;
      video.srcObject = opened;
      if (!dialog.open) opened.getTracks().forEach((track) => track.stop());
    }, (error) => {
      dialog.close();
      reject(error);
    });
  });
}

// The part of a form that takes photographs. `photos` is filled as they are taken.
export function photoField(about, { needed = false, withPosition = false } = {}) {
  const photos = [];
  const list = h("div", { class: "photos" });
  const input = h("input", { type: "file", accept: "image/*", multiple: true });
  const redraw = () => list.replaceChildren(...photos.map((photo, index) =>
    h("figure", {}, h("img", { src: photo.small, alt: t("照片 %(n)s", { n: index + 1 }) }),
      h("button", { type: "button", "aria-label": t("去掉这张"), onclick: () => { photos.splice(index, 1); redraw(); } }, "×"))));
  const take = (photo) => {
    if (!photo || photos.some((one) => one.sha256 === photo.sha256)) return;
    if (photos.length >= MOST) { toast(t("一次最多 %(n)s 张照片。", { n: MOST }), "bad"); return; }
    photos.push(photo);
    redraw();
  };
  input.addEventListener("change", async () => {
    for (const file of Array.from(input.files)) {
      try {
        take(await fromFile(file, about, withPosition));
      } catch (error) {
        toast(error.words || t("这张照片打不开，请换一张。"), "bad");
      }
    }
    input.value = "";
  });
  const element = h("div", { class: "photo-field" },
    h("div", { class: "row" },
      button(needed ? t("拍照（必须）") : t("拍照"), async () => {
        try {
          take(await fromCamera(about, withPosition));
        } catch (error) {
          if (error.words) throw error;
          toast(t("用不了相机，请从相册选。"), "bad");
        }
      }, { image: "photo" }),
      filePicker(t("从相册选"), input)),
    list);
  return { element, photos };
}
