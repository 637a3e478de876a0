// ML Kit's digital ink → strokes. Below version 19 of ML Kit the package is com.google.mlkit.vision.digitalink.
package glyphline

import com.google.mlkit.vision.digitalink.recognition.Ink

/**
 * The strokes of an ink that was drawn on a view.
 *
 * @param density of that view: resources.displayMetrics.density. ML Kit counts device pixels, Glyphline dp.
 */
fun strokesOf(ink: Ink, density: Float): List<Stroke> = ink.strokes.map { stroke ->
    val times = stroke.points.map { it.timestamp }
    Stroke(
        x = stroke.points.map { it.x / density },
        y = stroke.points.map { it.y / density },
        t = if (times.any { it == null }) null else times.filterNotNull()
    )
}
