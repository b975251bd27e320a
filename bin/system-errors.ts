/** The errors of files and networks that a user meets, in words. */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of the path is a file",
  ELOOP: "its symbolic links go round in a circle",
  EMFILE: "too many files are open",
  ENOTFOUND: "no address is known for this name",
  EAI_AGAIN: "the name server does not answer",
  ECONNREFUSED: "nothing listens on this port",
  ECONNRESET: "the connection was closed",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: "no answer in time",
  EPIPE: "the connection was closed",
};

/** The reason of a system's error in words, with its code; OpenSSL's own words for an alert of TLS. */
export function inWords(error: unknown): string {
  const { code, reason, message } = error as { code?: string; reason?: string; message?: string };
  if (typeof reason === "string") {
    return reason;
  }
  const words = code === undefined ? undefined : WORDS[code];
  return words === undefined ? (code ?? message ?? "failed") : `${words} (${code})`;
}
