import { StackVersion } from "../../lib";
import {
  AGENT_SENDS_HEADERS,
  DEFEND_READS_EC_KEYS,
  hasFeature,
  LOCAL_ENROLLMENT,
  sinceText,
} from "../../lib/command/data/stack-features";

test("a bare minor means its .0", () => {
  expect(StackVersion.of("9.2").toString()).toBe("9.2.0");
  expect(StackVersion.of("9.2.7").toString()).toBe("9.2.7");
});

test.each(["9", "v9.2", "9.2.7-SNAPSHOT", "9.2.", "9.2.7.1", "１.２", "9".repeat(1000)])("%j is refused", (text) => {
  expect(() => StackVersion.of(text)).toThrow(/the version is not understood, got .*; allowed: .*; write/);
});

test("versions compare by number, not by text", () => {
  expect(StackVersion.of("8.16").isAtLeast("8.9")).toBe(true);
  expect(StackVersion.of("8.16").isAtLeast("8.16.1")).toBe(false);
  expect(StackVersion.of("10.0").isAtLeast("9.5.2")).toBe(true);
  expect(StackVersion.LATEST.isAtLeast("9.5.2")).toBe(true);
});

test("what was carried back is in the later patch levels of those minor versions, and in everything from the last", () => {
  const having = [
    "8.18.8",
    "8.19.12",
    "8.19.13",
    "9.0.8",
    "9.1.10",
    "9.2.6",
    "9.2.7",
    "9.3.1",
    "9.3.2",
    "9.4.0",
    "10.0",
  ];
  expect(having.filter((text) => hasFeature(StackVersion.of(text), LOCAL_ENROLLMENT))).toEqual([
    ...["8.19.13", "9.2.7", "9.3.2", "9.4.0", "10.0"],
  ]);
  expect(sinceText(LOCAL_ENROLLMENT)).toBe("8.19.13, 9.2.7, 9.3.2 and everything from 9.4");
  expect(sinceText(["8.13"])).toBe("8.13 or newer");
});

test.each([
  ["headers of agents", AGENT_SENDS_HEADERS],
  ["EC keys for Elastic Defend", DEFEND_READS_EC_KEYS],
])("%s came with 8.19, and with 9.1, not with 9.0", (_, since) => {
  const versions = ["8.18.8", "8.19.0", "8.19.20", "9.0.0", "9.0.8", "9.1.0", "9.5.2"];
  expect(versions.filter((text) => hasFeature(StackVersion.of(text), since))).toEqual([
    ...["8.19.0", "8.19.20", "9.1.0", "9.5.2"],
  ]);
});
