/**
 * The same function, which remembers its last answer and no other: a dozen rules ask the same of one command after the
 * other, and thousands of commands are checked in one synth. A map of them all would cost the collector more than it saves.
 */
export function rememberLast<Subject extends object, Answer>(
  find: (subject: Subject) => Answer,
): (subject: Subject) => Answer {
  let last: { readonly subject: Subject; readonly answer: Answer } | undefined;
  return (subject) => {
    if (last?.subject !== subject) {
      last = { subject, answer: find(subject) };
    }
    return last.answer;
  };
}
