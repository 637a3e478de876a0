// A client of Glyphline for Android and any JVM, without libraries: copy it into your project.
//
//   val answer = Glyphline("https://your.server").read(strokes, Options(alphabet = "digits"))   // not on the main thread
//   answer.text
//
// It sends strokes of points, one drawing or several, and flat pictures. Strokes as pictures, frames and include are
// left to you.
package glyphline

import java.io.IOException
import java.net.HttpURLConnection
import java.net.URL
import java.net.URLEncoder
import java.util.UUID

/** One stroke: columns of one length; x and y in dp, y down; t in ms from any origin, never decreasing. */
class Stroke(val x: List<Float>, val y: List<Float>, val t: List<Long>? = null)

/** How to read; what is null is left to the server. Groups are for strokes only. */
class Options(
    val alphabet: String? = null,
    val lexicon: List<String>? = null,
    val groups: List<List<Int>>? = null,
    val alternatives: Int? = null
)

/** A text, or a character, that it may be; null: not a character. */
data class Alternative(val text: String?, val confidence: Double)

data class Box(val x: Double, val y: Double, val width: Double, val height: Double)

/** Points of a stroke; the end is exclusive. */
data class Part(val stroke: Int, val begin: Int, val end: Int)

/** One character of the text; null: ink that is none. Times are ms, null without. */
data class Glyph(
    val char: String?,
    val confidence: Double,
    val alternatives: List<Alternative>,
    val box: Box,
    val line: Int,
    val word: Int,
    val strokes: List<Int>,
    val parts: List<Part>,
    val start: Double?,
    val end: Double?
)

data class Answer(
    val text: String,
    val confidence: Double,
    val alternatives: List<Alternative>,
    val glyphs: List<Glyph>,
    val alphabet: String,
    val model: String
)

/** One thing wrong with a request: where, as a JSON pointer, and what. */
data class Fault(val pointer: String, val detail: String)

/** The server refused; `requestId` finds the call in its log. */
class GlyphlineException(
    val status: Int,
    val detail: String,
    val errors: List<Fault> = emptyList(),
    val requestId: String? = null,
    internal val retryAfter: Long = 1
) : IOException("$status: $detail") {
    /** Whether the same may be sent again: not where errors say what must change first. */
    internal val again get() = status in setOf(408, 429, 502, 503) && errors.isEmpty()
}

class Glyphline(address: String, private val timeoutMs: Int = 20_000, private val attempts: Int = 4) {
    private val api = address.trimEnd('/') + "/api/v1/"

    /** What the strokes say. */
    fun read(strokes: List<Stroke>, options: Options = Options(), requestId: String = newId()): Answer =
        post("recognize", body(strokes, options).toByteArray(), "application/json", requestId) { answer(it) }

    /** The same for a PNG, JPEG or WebP file, for example of Bitmap.compress into a ByteArrayOutputStream. */
    fun readPicture(
        picture: ByteArray,
        type: String = "image/png",
        options: Options = Options(),
        requestId: String = newId()
    ): Answer = post("recognize" + query(options), picture, type, requestId) { answer(it) }

    /** Up to 64 drawings in one call: for each an answer, or a GlyphlineException. */
    fun readMany(
        drawings: List<List<Stroke>>,
        options: Options = Options(),
        requestId: String = newId()
    ): List<Result<Answer>> {
        val items = "{\"items\":" + drawings.joinToString(",", "[", "]") { body(it, options) } + "}"
        return post("recognize/batch", items.toByteArray(), "application/json", requestId) { members ->
            members.each("results").map { if ("status" in it) Result.failure(problem(it)) else Result.success(answer(it)) }
        }
    }

    /** Reading stores nothing, so it is simply asked again where the server has no time or does not answer. */
    private fun <T> post(call: String, body: ByteArray, type: String, id: String, made: (Members) -> T): T {
        var attempt = 1
        while (true) {
            val pauseMs = try {
                return once(call, body, type, id, made)
            } catch (refused: GlyphlineException) {
                if (!refused.again || attempt >= attempts) throw refused
                1000 * refused.retryAfter
            } catch (nothing: IOException) {
                if (attempt >= attempts) throw nothing
                250L shl attempt
            }
            Thread.sleep(pauseMs)
            attempt++
        }
    }

    private fun <T> once(call: String, body: ByteArray, type: String, id: String, made: (Members) -> T): T {
        val connection = URL(api + call).openConnection() as HttpURLConnection
        try {
            connection.requestMethod = "POST"
            connection.doOutput = true
            connection.setFixedLengthStreamingMode(body.size)
            connection.connectTimeout = timeoutMs
            connection.readTimeout = timeoutMs
            connection.setRequestProperty("Content-Type", type)
            connection.setRequestProperty("X-Request-ID", id)
            connection.outputStream.use { it.write(body) }
            val status = connection.responseCode
            val stream = if (status < 400) connection.inputStream else connection.errorStream
            val said = stream?.use { it.readBytes().toString(Charsets.UTF_8) } ?: ""
            val known = connection.getHeaderField("X-Request-ID") ?: id
            val wait = connection.getHeaderField("Retry-After")?.toLongOrNull() ?: 1
            try {
                val members = Json(said).whole() as Members
                if (status < 400) return made(members)
                throw problem(members, known, wait)
            } catch (foreign: RuntimeException) { // a proxy, or a hotspot's page to log in
                throw GlyphlineException(status, "this is no answer of Glyphline", requestId = known, retryAfter = wait)
            }
        } finally {
            connection.disconnect()
        }
    }

    companion object {
        private fun newId() = UUID.randomUUID().toString()

        /** A body of the recognize call. */
        fun body(strokes: List<Stroke>, options: Options = Options()): String {
            val members = mutableListOf("\"strokes\":" + list(strokes) { columns(it) })
            options.alphabet?.let { members.add("\"alphabet\":" + quoted(it)) }
            options.lexicon?.let { words -> members.add("\"lexicon\":" + list(words) { quoted(it) }) }
            options.groups?.let { groups -> members.add("\"groups\":" + list(groups) { group -> list(group) }) }
            options.alternatives?.let { members.add("\"alternatives\":$it") }
            return members.joinToString(",", "{", "}")
        }

        private fun columns(stroke: Stroke): String {
            val t = stroke.t?.let { ",\"t\":" + list(it) } ?: ""
            return "{\"x\":" + list(stroke.x) + ",\"y\":" + list(stroke.y) + t + "}"
        }

        private fun <T> list(values: List<T>, json: (T) -> String = { it.toString() }) =
            values.joinToString(",", "[", "]") { json(it) }

        private fun quoted(text: String) = text.map {
            if (it < ' ' || it == '"' || it == '\\') "\\u%04x".format(it - '\u0000') else it.toString()
        }.joinToString("", "\"", "\"")

        private fun query(options: Options): String {
            require(options.groups == null) { "a picture has no strokes to group" }
            val pairs = mutableListOf<Pair<String, String>>()
            options.alphabet?.let { pairs.add("alphabet" to it) }
            options.lexicon?.forEach { pairs.add("lexicon" to it) }
            options.alternatives?.let { pairs.add("alternatives" to it.toString()) }
            return pairs.joinToString("&", "?") { (name, value) -> name + "=" + URLEncoder.encode(value, "UTF-8") }
        }
    }
}

private typealias Members = Map<*, *>

private fun Members.text(name: String) = this[name] as String
private fun Members.number(name: String) = this[name] as Double
private fun Members.index(name: String) = number(name).toInt()
private fun Members.each(name: String): List<Members> = (this[name] as List<*>? ?: emptyList<Any>()).map { it as Members }
private fun Members.alternatives(name: String) =
    each("alternatives").map { Alternative(it[name] as String?, it.number("confidence")) }

private fun answer(members: Members) = Answer(
    members.text("text"),
    members.number("confidence"),
    members.alternatives("text"),
    members.each("glyphs").map { glyph(it) },
    members.text("alphabet"),
    (members["model"] as Members).let { it.text("name") + " " + it.text("version") }
)

private fun glyph(members: Members) = Glyph(
    members["char"] as String?,
    members.number("confidence"),
    members.alternatives("char"),
    (members["box"] as Members).let { Box(it.number("x"), it.number("y"), it.number("width"), it.number("height")) },
    members.index("line"),
    members.index("word"),
    (members["strokes"] as List<*>).map { (it as Double).toInt() },
    members.each("parts").map { Part(it.index("stroke"), it.index("begin"), it.index("end")) },
    members["start"] as Double?,
    members["end"] as Double?
)

private fun problem(members: Members, requestId: String? = null, retryAfter: Long = 1) = GlyphlineException(
    members.index("status"),
    members.text("detail"),
    members.each("errors").map { Fault(it.text("pointer"), it.text("detail")) },
    requestId,
    retryAfter
)

/** JSON → Map, List, String, Double, Boolean or null; a RuntimeException where it is none. */
private class Json(private val text: String) {
    private var at = 0

    fun whole(): Any? = value().also { require(peek() == null) }

    private fun value(): Any? = when (peek()) {
        '{' -> listed('}') { string().also { take(':') } to value() }.toMap()
        '[' -> listed(']') { value() }
        '"' -> string()
        else -> word()
    }

    /** What stands next, white space passed over; null at the end. */
    private fun peek(): Char? {
        while (at < text.length && text[at] in " \t\r\n") at++
        return text.getOrNull(at)
    }

    private fun take(wanted: Char) {
        require(peek() == wanted)
        at++
    }

    private fun <T> listed(close: Char, entry: () -> T): List<T> {
        at++
        val found = mutableListOf<T>()
        while (peek() != close) {
            if (found.isNotEmpty()) take(',')
            found.add(entry())
        }
        at++
        return found
    }

    private fun string(): String {
        take('"')
        val found = StringBuilder()
        while (text[at] != '"') found.append(if (text[at] == '\\') escaped() else text[at++])
        at++
        return found.toString()
    }

    private fun escaped(): Char {
        val kind = text[at + 1]
        at += 2
        if (kind == 'u') return text.substring(at, at + 4).toInt(16).toChar().also { at += 4 }
        val plain = "nrtbf".indexOf(kind)
        return if (plain < 0) kind else "\n\r\t\b\u000c"[plain]
    }

    private fun word(): Any? {
        val begin = at
        while (at < text.length && text[at] !in ",]} \t\r\n") at++
        return when (val word = text.substring(begin, at)) {
            "true" -> true
            "false" -> false
            "null" -> null
            else -> word.toDouble()
        }
    }
}
