// How cdktf marks its tokens (tokens/private/encoding.ts), for what works without cdktf: lib/command and verify.

/** A token in a text, in a list or in the key of a map. */
export const TEXT_MARK = /[$#&]\{TfToken\[[^\]]*\]\}/g;

/** A token that is an object, in JSON. */
export const OBJECT_MARK = /"<unresolved-(?:token|lazy)>"/g;

/** The upper bytes of a number that stands for a token, and of one in a list of numbers. */
const NUMBER_MARKS = [0xfdff, 0xfbff];

/** As in cdktf, everything with `resolve` is a Terraform token. */
export function isResolvable(value: unknown): boolean {
  return typeof value === "object" && value !== null && typeof (value as { resolve?: unknown }).resolve === "function";
}

/** Whether a number stands for one that only Terraform knows. */
export function isNumberToken(value: unknown): boolean {
  if (typeof value !== "number") {
    return false;
  }
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, value);
  return NUMBER_MARKS.includes(bytes.getUint16(0));
}

/** Whether only Terraform knows a value, or how many entries it has. */
export function isToken(value: unknown): boolean {
  if (typeof value === "string") {
    return hasMark(value, "$");
  }
  if (isResolvable(value) || isNumberToken(value)) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.some((entry) => isNumberToken(entry) || (typeof entry === "string" && hasMark(entry, "#")));
  }
  const isPlain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain && Object.keys(value).some((key) => hasMark(key, "&"));
}

function hasMark(text: string, kind: string): boolean {
  return text.includes(`${kind}{TfToken[`);
}
