import { stripVTControlCharacters } from "node:util";

/** Text of Terraform's without what can be part of a key or the password of a URL, without colours and blanks around it. */
export function withoutSecrets(text: string): string {
  return (
    stripVTControlCharacters(text)
      .replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, "(private key)")
      // Go repeats a URL that it cannot parse, and then the part that is wrong, which is the password's as a rule.
      .replace(
        /\bparse "?[a-z][\w+.-]*:\/\/[^]*?(?=\n\s*\n|$)/gi,
        "parse a URL, which can contain a password and is not shown: write special characters in it as %XX, such as %25 for %",
      )
      .replace(/(\b[a-z][\w+.-]*:\/\/)[^\s/@"']+@/gi, "$1(user)@")
      .trim()
  );
}
