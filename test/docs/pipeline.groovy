/** Directives of a declarative pipeline, each with those that may be in its block. */
class Directives {
  static final Map TREE = [
    pipeline: [
      agent: [label: [:]],
      triggers: [cron: [:]],
      options: [disableConcurrentBuilds: [:]],
      stages: [stage: [steps: [sh: [:]]]],
      post: [always: [archiveArtifacts: [:]]],
    ],
  ]
  final Map allowed

  Directives(Map allowed) { this.allowed = allowed }

  def methodMissing(String name, args) {
    if (!allowed.containsKey(name)) throw new IllegalArgumentException("no such directive here: $name")
    if (name == 'sh') println args[0]
    def body = args ? args[-1] : null
    if (body instanceof Closure) {
      body.delegate = new Directives(allowed[name] as Map)
      body.resolveStrategy = Closure.DELEGATE_ONLY
      body()
    }
  }
}

def pipeline = new GroovyShell(this.class.classLoader).parse(new File(args[0]))
pipeline.metaClass.methodMissing = { String name, arguments -> new Directives(Directives.TREE).methodMissing(name, arguments) }
pipeline.run()
