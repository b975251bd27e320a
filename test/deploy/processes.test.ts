import { Processes } from "../../deploy/private/processes";

const shell = { cwd: "/", env: process.env, shell: true };

afterEach(() => jest.restoreAllMocks());

test.each([
  ["ends at the first interrupt", "echo ready; sleep 600", 1],
  ["ignores interrupts, and ends at the second one", "trap '' INT; echo ready; sleep 600; sleep 600", 2],
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
