import com.sun.net.httpserver.HttpServer
import java.util.concurrent.TimeUnit
import java.util.jar.JarFile

def squeezed = { String text -> text.replaceAll(/\s+/, ' ') }
def main = new File(basedir, 'src/main/java/consumer/Main.java').text.replace('.baseUrl(args[0])', '')
def snippets = new File(basedir, '../../../../README.md').text.split('```java').drop(1).collect { it.split('```')[0] }
def snippet = snippets.find { it.contains('client.retryAll(failures)') }
assert snippet != null && squeezed(main).contains(squeezed(snippet)) : "Main.java is not the README's snippet"

def jars = new File(basedir, 'target/classpath').text.split(File.pathSeparator).collect { new File(it) }
def okHttps = jars.findAll { new JarFile(it).withCloseable { jar -> jar.getEntry('okhttp3/OkHttpClient.class') } }
assert okHttps.size() == 1 && okHttps[0].name.startsWith('okhttp-jvm-5.') : 'one OkHttp, and 5'

// A Chatt2.me with one webhook and one failed log, of which a retry makes a new log that succeeded.
def webhook = '"id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "eventType": "Message", "endpoint": "https://example.com/hook"'
def log = { id, status, code, time ->
  """{"id": "$id", "webhookId": "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "statusCode": $code, "status": "$status",
      "sendAt": "$time", "createdDate": "$time", "messageId": "c3d4e5f6-a7b8-9012-cdef-345678901234",
      "webhook": {$webhook}}"""
}
def failed = '11111111-1111-4111-8111-111111111111'
def succeeded = '22222222-2222-4222-8222-222222222222'
def logs = [log(failed, 'Failed', 503, '2026-02-09T12:10:00.000Z')]
def retries = []
def page = { rows -> """{"data": $rows, "pagination": {"offset": 0, "limit": 50, "total": ${rows.size()}, "totalPages": 1}}""" }

def server = HttpServer.create(new InetSocketAddress(InetAddress.loopbackAddress, 0), 0)
server.createContext('/v1/organization/webhook') { exchange ->
  def path = exchange.requestURI.path
  def body
  if (exchange.requestMethod == 'POST') {
    retries << path
    logs << log(succeeded, 'Success', 200, '2026-02-09T12:20:00.000Z')
    body = path.endsWith('/webhook-log/retry')
        ? """{"results": [{"webhookLogId": "$failed", "success": true, "newLogId": "$succeeded"}]}"""
        : """{"success": true, "newLogId": "$succeeded"}"""
  } else if (path.endsWith('/webhook-log')) {
    def onlyFailed = exchange.requestURI.query?.contains('status=Failed')
    body = page(onlyFailed ? logs.findAll { it.contains('"Failed"') } : logs)
  } else {
    body = path.endsWith('/webhook') ? page(["{$webhook, \"active\": true}"]) : "{$webhook, \"active\": true}"
  }
  exchange.responseHeaders.set('Content-Type', 'application/json')
  exchange.sendResponseHeaders(200, 0)
  exchange.responseBody.withWriter('UTF-8') { it << body }
}
server.start()
try {
  def output = new File(basedir, 'target/output')
  def consumer = new ProcessBuilder(
      new File(System.getProperty('java.home'), 'bin/java').path,
      '-cp', [new File(basedir, 'target/classes'), *jars].join(File.pathSeparator),
      'consumer.Main', "http://127.0.0.1:$server.address.port")
      .redirectErrorStream(true).redirectOutput(output).start()
  def exited = consumer.waitFor(30, TimeUnit.SECONDS)
  consumer.destroyForcibly()
  assert exited : "the JVM did not exit by itself; it printed:\n$output.text"
  assert consumer.exitValue() == 0 : output.text
  assert output.text.contains("$failed DELIVERED") : output.text
  assert retries.size() == 1
} finally {
  server.stop(0)
}
