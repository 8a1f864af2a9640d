import os
from pathlib import Path

from flask import Flask, request, send_from_directory

from shop import orders

WEB = Path(os.environ.get("WEB_FOLDER", "web/dist")).resolve()
app = Flask(__name__, static_folder=None)


@app.get("/health")
def health():
    with orders.connect() as connection:
        connection.execute("SELECT 1 FROM orders LIMIT 1")
    return {"status": "ok"}


@app.get("/version")
def version():
    return os.environ.get("APP_VERSION", "unknown")


@app.post("/api/orders")
def place():
    asked = request.get_json()
    if asked["cents"] <= 0:
        return {"error": "nothing to pay"}, 422
    return {"number": asked["number"]}, 201 if orders.place(asked["number"], asked["cents"]) else 200


@app.post("/api/orders/<number>/paid")
def paid(number: str):
    return ("1|OK", 200) if orders.pay(number) else ("0|unknown order", 404)


@app.get("/", defaults={"path": "index.html"})
@app.get("/<path:path>")
def web(path: str):
    return send_from_directory(WEB, path)
