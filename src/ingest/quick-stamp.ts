import { dayMs } from '../core/time.js';
import { parseStamp, type DateOrder, type Stamp } from './stamp-text.js';

const zero = 0x30;
const notDigits = -1;

/**
 * Reads stamps as `parseStamp` does, those such as `2024-03-31T02:30`, with or without seconds and `Z`, several times
 * as fast: a date is checked once for the rows of its day.
 */
export function createStampReader(order: DateOrder): (text: string) => Stamp | null {
  let checkedDate = notDigits;
  let dayStartMs = 0;
  return (text) => {
    const date = quickDate(text);
    if (date !== notDigits && date === checkedDate) {
      const stamp = quickStamp(text, dayStartMs);
      if (stamp) return stamp;
    }
    const stamp = parseStamp(text, order);
    // 24:00 belongs to the next day.
    if (stamp && date !== notDigits && !stamp.endOfDay) {
      checkedDate = date;
      dayStartMs = Math.floor(stamp.clockMs / dayMs) * dayMs;
    }
    return stamp;
  };
}

/** `2024-03-31` as the number 20240331. */
function quickDate(text: string): number {
  if (text.length < 16 || text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d)
    return notDigits;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  return year >= 0 && month >= 0 && day >= 0 ? (year * 100 + month) * 100 + day : notDigits;
}

function quickStamp(text: string, dayStartMs: number): Stamp | null {
  const sign = text.charCodeAt(10);
  if ((sign !== 0x54 && sign !== 0x20) || text.charCodeAt(13) !== 0x3a) return null;
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  let second = 0;
  let end = 16;
  if (text.charCodeAt(16) === 0x3a) {
    second = twoDigits(text, 17);
    end = 19;
  }
  const zoned = text.length === end + 1 && text.charCodeAt(end) === 0x5a;
  if (text.length !== end && !zoned) return null;
  if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60))
    return null;
  return {
    clockMs: dayStartMs + ((hour * 60 + minute) * 60 + second) * 1_000,
    offsetMs: zoned ? 0 : null,
    endOfDay: false,
  };
}

/** Far below zero if they are none. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - zero;
  const ones = text.charCodeAt(at + 1) - zero;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1e6;
}
