"""What a WSGI server runs: `gunicorn webapp.wsgi:app`."""

from webapp import create_app
from webapp.engine import engine
from webapp.memory import give_back_large

give_back_large()
app = create_app()
# Read once before the first caller comes, and before workers are forked: what that builds, they share.
with app.app_context():
    engine().warm_up()
