// A client of Glyphline for Android and any JVM, without libraries: copy it into your project.
//
//   val answer = JSONObject(Glyphline("https://your.server").read(strokes, alphabet = "digits"))   // not on the main thread
//   answer.getString("text")
package glyphline

import java.io.IOException
import java.net.HttpURLConnection
import java.net.URL

/** One stroke: columns of one length; x and y in dp, y down; t in ms from any origin, never decreasing. */
class Stroke(val x: List<Float>, val y: List<Float>, val t: List<Long>? = null) {
    fun json(): String {
        val columns = mutableListOf("\"x\":" + list(x), "\"y\":" + list(y))
        if (t != null) columns.add("\"t\":" + list(t))
        return columns.joinToString(",", "{", "}")
    }

    private fun list(values: List<Number>) = values.joinToString(",", "[", "]")
}

/** The server refused; `problem` is RFC 9457 JSON, with a pointer to each fault in "errors". */
class GlyphlineException(val status: Int, val problem: String) : IOException("$status: $problem")

class Glyphline(address: String, private val timeoutMs: Int = 20_000, private val attempts: Int = 4) {
    private val api = address.trimEnd('/') + "/api/v1/"

    /** The JSON of the answer: see /docs of the server for its fields. */
    fun read(strokes: List<Stroke>, alphabet: String = "auto"): String =
        post("recognize", body(strokes, alphabet).toByteArray(), "application/json")

    /** The same for a PNG, JPEG or WebP file, for example Bitmap.compress into a ByteArrayOutputStream. */
    fun readPicture(picture: ByteArray, type: String = "image/png", alphabet: String = "auto"): String =
        post("recognize?alphabet=$alphabet", picture, type)

    /** A call stores nothing, so it is simply made again where the server has no time. */
    private fun post(call: String, body: ByteArray, type: String): String {
        var attempt = 1
        while (true) {
            val connection = URL(api + call).openConnection() as HttpURLConnection
            try {
                connection.requestMethod = "POST"
                connection.doOutput = true
                connection.connectTimeout = timeoutMs
                connection.readTimeout = timeoutMs
                connection.setRequestProperty("Content-Type", type)
                connection.outputStream.use { it.write(body) }
                val status = connection.responseCode
                if (status < 400) return connection.inputStream.use { it.readBytes().toString(Charsets.UTF_8) }
                val problem = connection.errorStream?.use { it.readBytes().toString(Charsets.UTF_8) } ?: ""
                if (status != 429 && status != 503 || attempt == attempts) throw GlyphlineException(status, problem)
                Thread.sleep(1000L * (connection.getHeaderField("Retry-After")?.toLongOrNull() ?: 1L))
            } finally {
                connection.disconnect()
            }
            attempt++
        }
    }

    companion object {
        /** A body of the recognize call. */
        fun body(strokes: List<Stroke>, alphabet: String = "auto"): String =
            "{\"strokes\":" + strokes.joinToString(",", "[", "]") { it.json() } + ",\"alphabet\":\"$alphabet\"}"
    }
}
