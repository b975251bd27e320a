import type { Backend, Phase, Template } from "./kill-template";
import { templatesOf } from "./kill-template";
import type { Damage, Kill, Target } from "./kill-trial";
import { killOnce } from "./kill-trial";
import { Random } from "./random";
import type { Outcome, Scenario, ScenarioOptions } from "./scenario";
import { inParallel } from "./scenario";

/** Kills at the same time; more of them take the machine from whatever else runs on it. */
const AT_ONCE = Number(process.env["FAULT_AT_ONCE"] ?? 2);
const PLAN_AFTER_EVERY = 5;
/** A deploy synthesises and initialises before Terraform does anything. */
const DEPLOY_STARTS_MS = 4000;
/** A run that was faster than the one that it is measured by is tried again, and killed sooner. */
const SOONER = 0.6;
const TRIES = 5;

const PHASES: Phase[] = ["first apply", "renewal", "destroy"];

/** `kill -9` in each phase of a fleet's life, of Terraform on either backend and of a deploy. */
export const KILLS: Scenario[] = [
  ...PHASES.map((phase) => killing("terraform", "local", phase)),
  ...PHASES.map((phase) => killing("terraform", "pg", phase)),
  ...PHASES.map((phase) => killing("deploy", "local", phase)),
];

function killing(target: "terraform" | "deploy", backend: Backend, phase: Phase): Scenario {
  const what = target === "deploy" ? "a deploy" : `Terraform on ${backend === "pg" ? "PostgreSQL" : "a local state"}`;
  const name = `kill-${target === "deploy" ? "deploy" : backend}-${phase.replace(" ", "-")}`;
  return {
    name,
    title: `kill -9 of ${what} in the ${phase}`,
    run: (options) => killMany({ name, target, backend, phase }, options),
  };
}

interface Series {
  readonly name: string;
  readonly target: "terraform" | "deploy";
  readonly backend: Backend;
  readonly phase: Phase;
}

async function killMany(series: Series, options: ScenarioOptions): Promise<Outcome> {
  const templates = await templatesOf(series.backend);
  const template = templates[series.phase];
  const kills = plan(series, options, template);
  const damages: Damage[] = [];
  await inParallel(kills, AT_ONCE, async (kill) => {
    damages.push(await killInTime(kill, template, series.target === "deploy" ? DEPLOY_STARTS_MS : 0));
  });
  const count = (which: keyof Damage): number => damages.filter((damage) => damage[which]).length;
  const survived = damages.length - count("tooLate");
  return {
    kills: survived,
    detail: [
      `${survived} kills, each repaired by the next run`,
      ...(count("stateLost") > 0 ? [`state left empty by ${count("stateLost")}`] : []),
      ...(count("authorityLost") > 0 ? [`CAs created again after ${count("authorityLost")}`] : []),
      ...(count("tooLate") > 0 ? [`${count("tooLate")} came too late`] : []),
    ].join("; "),
  };
}

/** Half of the kills between two resources, spread over all of them, half at any moment of the run. */
function plan({ name, target, backend, phase }: Series, { seed, kills }: ScenarioOptions, template: Template): Kill[] {
  const random = new Random(`${seed} ${name}`);
  const between = Math.ceil(kills / 2);
  return Array.from({ length: kills }, (_, index): Kill => {
    const resources = Math.floor(((index + random.next()) * template.resources) / between);
    const alone: Target = random.next() < 0.5 ? "terraform" : "terraform alone";
    return {
      backend,
      phase,
      target: target === "deploy" ? "deploy" : alone,
      moment:
        index < between
          ? { resources: Math.min(Math.max(resources, 1), template.resources - 1) }
          : { part: 0.1 + 0.9 * random.next() },
      destroyAgain: index % 2 === 0,
      planAfter: index % PLAN_AFTER_EVERY === 0,
    };
  });
}

async function killInTime(kill: Kill, template: Template, startsAfter: number): Promise<Damage> {
  const milliseconds = template.milliseconds + startsAfter;
  for (let attempt = 1, { moment } = kill; ; attempt += 1) {
    const damage = await killOnce({ ...kill, moment }, { ...template, milliseconds });
    if (!damage.tooLate || attempt === TRIES) return damage;
    moment =
      "part" in moment
        ? { part: moment.part * SOONER }
        : { resources: Math.max(1, Math.floor(moment.resources * SOONER)) };
  }
}
