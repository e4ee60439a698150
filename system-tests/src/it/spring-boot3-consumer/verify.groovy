import java.util.concurrent.TimeUnit
import java.util.jar.JarFile

def jars = new File(basedir, 'target/classpath').text.split(File.pathSeparator).collect { new File(it) }
def having = { entry -> jars.findAll { new JarFile(it).withCloseable { jar -> jar.getEntry(entry) } }*.name }

def okHttps = having('okhttp3/OkHttpClient.class')
assert okHttps.size() == 1 && okHttps[0].startsWith('okhttp-jvm-5.') : "one OkHttp, and 5: $okHttps"
def jacksons = jars.collect { it.path =~ '/com/fasterxml/jackson/.*/(\\d+\\.\\d+)[^/]*/' }.findAll()*.getAt(0)*.getAt(1)
assert jacksons.size() > 2 && jacksons.toSet().size() == 1 : "one line of Jackson 2: $jacksons"
['com/fasterxml/jackson/databind/ObjectMapper.class', 'kotlin/Unit.class', 'org/springframework/boot/SpringApplication.class',
 'org/postgresql/Driver.class', 'org/sqlite/JDBC.class', 'org/slf4j/Logger.class'].each {
  assert having(it).size() == 1 : "$it is in ${having(it)}"
}

def output = new File(basedir, 'target/output')
def consumer = new ProcessBuilder(
    new File(System.getProperty('java.home'), 'bin/java').path, '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC',
    '-cp', [new File(basedir, 'target/classes'), *jars].join(File.pathSeparator),
    'consumer.Main', new File(basedir, 'target/ledger.db').path)
    .redirectErrorStream(true).redirectOutput(output).start()
def exited = consumer.waitFor(60, TimeUnit.SECONDS)
consumer.destroyForcibly()
assert exited : "the JVM did not exit by itself; it printed:\n$output.text"
assert consumer.exitValue() == 0 : output.text
assert output.text.contains('delivered 20\n') && output.text.contains('twice []\n') : output.text
