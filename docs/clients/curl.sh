#!/bin/sh
# Every call of Glyphline by curl. GLYPHLINE names the server, and two files the drawing: sh curl.sh drawing.json drawing.png
# It shows the calls and no more: only the first is tried again, and none sends an X-Request-ID of its own.
set -eu
api="${GLYPHLINE:-http://127.0.0.1:8000}/api/v1"
json=$1
picture=$2

# Points, as JSON; --retry waits as Retry-After says, and does not know a 503 that will come again (see /docs).
curl -sS --fail-with-body --retry 3 --retry-connrefused "$api/recognize" -H 'Content-Type: application/json' --data-binary "@$json"
echo

# A picture with options in the query; and the same as a form with one file.
curl -sS --fail-with-body "$api/recognize?alphabet=digits" -H 'Content-Type: image/png' --data-binary "@$picture"
echo
curl -sS --fail-with-body "$api/recognize?alphabet=digits" -F "picture=@$picture;type=image/png"
echo

# Several drawings in one call.
printf '{"items": [%s, %s]}' "$(cat "$json")" "$(cat "$json")" |
  curl -sS --fail-with-body "$api/recognize/batch" -H 'Content-Type: application/json' --data-binary @-
echo

# Which model reads.
curl -sS --fail-with-body "$api/model"
echo
