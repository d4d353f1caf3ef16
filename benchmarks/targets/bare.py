"""A Flask route that does nothing: what the web server and the framework cost alone."""

from flask import Flask, Response, jsonify

app = Flask(__name__)


@app.route("/healthz")
@app.route("/book", methods=["POST"])
def answer() -> Response:
    """The smallest JSON."""
    return jsonify(ok=True)
