import { runCdktf } from "./cdktf";
import { removeEmptyFolders, removeEmptyStates } from "./leftovers";

/** Destroys the named stacks, all when none is named, and what Terraform leaves of them: empty folders and states. */
async function destroy(words: readonly string[]): Promise<number> {
  const { code } = await runCdktf("destroy", words);
  // Also after a failure: one stack may be gone while another is not.
  removeEmptyStates(process.cwd());
  removeEmptyFolders("fleet-tls");
  if (code !== 0) process.stderr.write("not all is destroyed: mend what is named above, and run it again\n");
  return code;
}

destroy(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
