/** Where things are: distances, the sketch map's coordinates, and links into map apps. Coordinates are WGS-84 in 1e-7 degrees. */

export interface Spot {
  latitude_e7: number;
  longitude_e7: number;
}

const EARTH_M = 6_371_009;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

export function spotOf(thing: { latitude_e7?: number | undefined; longitude_e7?: number | undefined }): Spot | undefined {
  if (thing.latitude_e7 === undefined || thing.longitude_e7 === undefined) return undefined;
  return { latitude_e7: thing.latitude_e7, longitude_e7: thing.longitude_e7 };
}

/** Metres as the crow flies. */
export function distanceOf(a: Spot, b: Spot): number {
  const [from, to] = [radians(a.latitude_e7 / 1e7), radians(b.latitude_e7 / 1e7)];
  const half = Math.sin((to - from) / 2) ** 2 + Math.cos(from) * Math.cos(to) * Math.sin(radians((b.longitude_e7 - a.longitude_e7) / 1e7) / 2) ** 2;
  return Math.round(2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(half))));
}

export function distanceText(metres: number): string {
  if (metres < 1000) return `${Math.round(metres / 10) * 10} m`;
  return `${(metres / 1000).toFixed(metres < 9950 ? 1 : 0)} km`;
}

const A = 6_378_245;
const E2 = 0.006_693_421_622_965_943;

/** The area in which Chinese maps are shifted; outside it GCJ-02 is WGS-84. */
export function isShifted(latitude: number, longitude: number): boolean {
  return longitude >= 72.004 && longitude <= 137.8347 && latitude >= 0.8293 && latitude <= 55.8271;
}

/** The three sine waves that both shifts have in common. */
function waves(first: number, second: number, slow: readonly [number, number]): number {
  return (
    ((20 * Math.sin(6 * Math.PI * first) + 20 * Math.sin(2 * Math.PI * first)) * 2) / 3 +
    ((20 * Math.sin(second * Math.PI) + 40 * Math.sin((second / 3) * Math.PI)) * 2) / 3 +
    ((slow[0] * Math.sin((second / 12) * Math.PI) + slow[1] * Math.sin((second * Math.PI) / 30)) * 2) / 3
  );
}

/** WGS-84 to GCJ-02 in degrees: what AMap, Baidu with coord_type=gcj02 and Tencent expect. */
export function toGcj02(latitude: number, longitude: number): { latitude: number; longitude: number } {
  if (!isShifted(latitude, longitude)) return { latitude, longitude };
  const [x, y] = [longitude - 105, latitude - 35];
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + waves(x, y, [160, 320]);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + waves(x, x, [150, 300]);
  const sine = Math.sin(radians(latitude));
  const magic = 1 - E2 * sine * sine;
  return {
    latitude: latitude + (north * 180) / (((A * (1 - E2)) / (magic * Math.sqrt(magic))) * Math.PI),
    longitude: longitude + (east * 180) / ((A / Math.sqrt(magic)) * Math.cos(radians(latitude)) * Math.PI),
  };
}

export interface MapLinks {
  amap: string;
  baidu: string;
  geo: string;
}

/** Links that open a map app on the way to a spot. */
export function linksTo(spot: Spot, name: string): MapLinks {
  const [latitude, longitude] = [spot.latitude_e7 / 1e7, spot.longitude_e7 / 1e7];
  const shifted = toGcj02(latitude, longitude);
  const [lat, lon, label] = [shifted.latitude.toFixed(6), shifted.longitude.toFixed(6), encodeURIComponent(name.replaceAll(",", " "))];
  return {
    amap: `https://uri.amap.com/navigation?to=${lon},${lat},${label}&mode=car&coordinate=gaode&callnative=1&src=songda`,
    baidu: `baidumap://map/direction?destination=name:${label}%7Clatlng:${lat},${lon}&coord_type=gcj02&mode=driving&src=songda`,
    geo: `geo:${latitude.toFixed(6)},${longitude.toFixed(6)}?q=${latitude.toFixed(6)},${longitude.toFixed(6)}(${label})`,
  };
}

export interface Sketched {
  x: number;
  y: number;
}

/** Spots on a sheet of width × height with a margin: north is up, one scale for both directions. */
export function sketch(spots: readonly Spot[], width: number, height: number, margin: number): Sketched[] {
  if (spots.length === 0) return [];
  const middle = radians(spots.reduce((sum, spot) => sum + spot.latitude_e7, 0) / spots.length / 1e7);
  const flat = spots.map((spot) => ({ x: spot.longitude_e7 * Math.cos(middle), y: -spot.latitude_e7 }));
  const [xs, ys] = [flat.map((point) => point.x), flat.map((point) => point.y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [wide, high] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const scale = Math.min(wide > 0 ? (width - 2 * margin) / wide : Infinity, high > 0 ? (height - 2 * margin) / high : Infinity);
  const used = Number.isFinite(scale) ? scale : 0;
  return flat.map((point) => ({
    x: (width - wide * used) / 2 + (point.x - left) * used,
    y: (height - high * used) / 2 + (point.y - top) * used,
  }));
}

/** Moves numbered marks apart that would hide each other. */
export function spread(points: readonly Sketched[], distance: number, width: number, height: number): Sketched[] {
  const moved = points.map((point) => ({ ...point }));
  for (let round = 0; round < 12; round++) {
    let touched = false;
    for (let i = 0; i < moved.length; i++) {
      for (let k = i + 1; k < moved.length; k++) {
        const [a, b] = [moved[i]!, moved[k]!];
        const [dx, dy] = [b.x - a.x, b.y - a.y];
        const apart = Math.hypot(dx, dy);
        if (apart >= distance) continue;
        const [ux, uy] = apart > 0.01 ? [dx / apart, dy / apart] : [Math.cos(i + k), Math.sin(i + k)];
        const push = (distance - apart) / 2;
        a.x -= ux * push;
        a.y -= uy * push;
        b.x += ux * push;
        b.y += uy * push;
        touched = true;
      }
    }
    if (!touched) break;
  }
  const half = distance / 2;
  return moved.map((point) => ({ x: Math.min(width - half, Math.max(half, point.x)), y: Math.min(height - half, Math.max(half, point.y)) }));
}
