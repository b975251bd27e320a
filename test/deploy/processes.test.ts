import { Processes } from "../../deploy/private/processes";

const shell = { cwd: "/", env: process.env, shell: true };

afterEach(() => jest.restoreAllMocks());

/** An app that hangs once it is ready. A shell's own child could miss an interrupt while it starts. */
const hanging = (code: string): string =>
  `"${process.execPath}" -e "${code} setInterval(() => {}, 1e6); console.log()"`;

test.each([
  ["ends at the first interrupt", hanging(""), 1],
  ["ignores interrupts, and ends at the second one", hanging("process.on('SIGINT', () => {});"), 2],
])("an app that %s", async (_, app, interrupts) => {
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
  const processes = new Processes();
  let sent = 0;
  await processes.whileListening(() =>
    processes.run(app, [], {
      ...shell,
      onLine: () => {
        for (; sent < interrupts; sent++) {
          // One a second later counts as another one.
          jest.spyOn(Date, "now").mockReturnValue(1_000_000 + 2000 * sent);
          process.emit("SIGINT");
        }
      },
    }),
  );
  expect([sent, processes.interrupted]).toEqual([interrupts, true]);
});
