// The order of the folders: each imports what stands below it in this list. test/layers.test.ts runs these rules.
const layers = [
  "(?:main\\.ts|app/)",
  "bin/",
  "deploy/",
  "verify/",
  "page/",
  "lib/index\\.ts",
  "lib/fleet/",
  "lib/host/",
  "lib/authority/",
  "lib/certificate/",
  "lib/command/",
  "lib/private/",
];
const rooms = ["lib/fleet", "lib/host", "lib/authority", "lib/certificate", "lib/command"];
const ours = `^(?:${layers.join("|")}|lib/)`;
const programs = "^lib/programs/";
const renderPage = `${programs}render-page\\.ts$`;

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...layers.slice(1).map((layer, index) => ({
      name: `${layer.replace(/\W+$/, "").replace("\\", "")} imports nothing above it`,
      severity: "error",
      from: { path: `^${layer}` },
      to: { path: `^(?:${layers.slice(0, index + 1).join("|")})` },
    })),
    {
      name: "programs import lib/private only",
      severity: "error",
      from: { path: programs, pathNot: renderPage },
      to: { path: ours, pathNot: `${programs}|^lib/private/` },
    },
    {
      name: "render-page imports lib/private and page only",
      severity: "error",
      from: { path: renderPage },
      to: { path: ours, pathNot: `${programs}|^lib/private/|^page/` },
    },
    {
      name: "programs are run, not imported",
      severity: "error",
      from: { pathNot: programs },
      to: { path: programs },
    },
    ...rooms.map((room) => ({
      name: `${room}/private is imported from ${room} only`,
      severity: "error",
      from: { pathNot: `^${room}/` },
      to: { path: `^${room}/private/` },
    })),
    {
      name: "lib/private is imported from lib only, x509 and nearest aside",
      severity: "error",
      from: { pathNot: "^lib/" },
      to: { path: "^lib/private/", pathNot: "^lib/private/(?:x509/|nearest[.]ts$)" },
    },
    {
      name: "the command, the judge and X.509 work without cdktf",
      severity: "error",
      from: { path: "^(?:lib/command|verify|lib/private/x509)/" },
      to: { path: "(?:^|node_modules/)(?:cdktf|constructs|@cdktf)(?:/|$)", reachable: true },
    },
    {
      name: "verify and expiring run no program",
      severity: "error",
      from: { path: "^bin/(?:verify|expiring)[.]ts$" },
      to: { path: "^(?:node:)?child_process$", reachable: true },
    },
    {
      name: "of verify and expiring, --connect alone reaches the network",
      severity: "error",
      from: { path: "^(?:verify/|bin/(?:verify|expiring|read-folders|report-.*)[.]ts$)" },
      to: { path: "^(?:node:)?(?:net|tls|http|https|http2|dns|dns/promises|dgram)$" },
    },
    { name: "no import circles", severity: "error", from: {}, to: { circular: true } },
  ],
  options: {
    // Types count: what only a type refers to is a dependency of the reader.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^lib/programs/.*\\.js$" },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".json", ".d.ts"] },
  },
};
