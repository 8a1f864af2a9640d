"""Backups in S3-compatible storage. One request as JSON on standard input, one answer as JSON on standard output.

Credentials come from the environment and from nowhere else: a wrong one must not be replaced by another that happens to be there.
"""

import concurrent.futures
import hashlib
import json
import os
import sys
import time

import boto3
from boto3.exceptions import S3UploadFailedError
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from urllib3.exceptions import HTTPError

MIB = 1 << 20
# S3 takes 10,000 parts at most
PARTS = 9_000
ATTEMPTS = 3


class Different(Exception):
    """What the storage holds is not what was given to it."""


class Storage:
    def __init__(self, request):
        self.bucket = request["bucket"]
        self.prefix = request["prefix"]
        self.s3 = self.client(request, 60, ATTEMPTS)
        # for what is cleaned up after a failure: storage that is away must not be waited for again
        self.quick = self.client(request, 10, 1)

    @staticmethod
    def client(request, read_timeout, attempts):
        return boto3.session.Session().client(
            "s3",
            region_name=request["region"],
            endpoint_url=request["endpoint"],
            aws_access_key_id=os.environ["STORAGE_ACCESS_KEY_ID"],
            aws_secret_access_key=os.environ["STORAGE_SECRET_ACCESS_KEY"],
            aws_session_token=os.environ.get("STORAGE_SESSION_TOKEN"),
            verify="/etc/ssl/certs/ca-certificates.crt",
            config=Config(
                signature_version="s3v4",
                connect_timeout=10,
                read_timeout=read_timeout,
                max_pool_connections=16,
                retries={"mode": "standard", "total_max_attempts": attempts},
                # storage that is older than these checksums refuses them; what is stored is read back in any case
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def list(self, _):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix, Delimiter="/")
        found = [(item["Key"][len(self.prefix) :], item["Size"]) for page in pages for item in page.get("Contents", [])]
        described = [name for name, size in found if name.endswith(".json") and size < MIB]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            texts = pool.map(lambda name: b"".join(self.read(name)).decode("utf-8", "replace"), described)
            return {
                "objects": [{"name": name, "bytes": size} for name, size in found],
                "descriptions": [{"name": name, "text": text} for name, text in zip(described, texts)],
            }

    def digests(self, request):
        return {"digests": [self.digest(name) for name in request["names"]]}

    def put(self, request):
        """The file first, read back before anything says that it is there. On any failure nothing of it stays."""
        name, path = request["name"], request["path"]
        self.abort_uploads()
        size = os.path.getsize(path)
        part = max(16 * MIB, -(-size // PARTS))
        done = []
        try:
            done.append(name)
            self.s3.upload_file(
                path,
                self.bucket,
                self.prefix + name,
                Config=TransferConfig(multipart_threshold=part, multipart_chunksize=part, max_concurrency=4),
            )
            if self.digest(name) != request["sha256"]:
                raise Different(name)
            description = request["description"].encode()
            done.append(request["describedIn"])
            self.s3.put_object(
                Bucket=self.bucket,
                Key=self.prefix + request["describedIn"],
                Body=description,
                ContentType="application/json",
            )
            if b"".join(self.read(request["describedIn"])) != description:
                raise Different(request["describedIn"])
        except BaseException:
            self.remove({"names": list(reversed(done))}, self.quick)
            raise
        return {}

    def fetch(self, request):
        digest = hashlib.sha256()
        os.makedirs(os.path.dirname(request["path"]), mode=0o700, exist_ok=True)
        with open(request["path"], "wb") as file:
            for block in self.read(request["name"]):
                digest.update(block)
                file.write(block)
        if digest.hexdigest() != request["sha256"]:
            raise Different(request["name"])
        return {}

    def remove(self, request, client=None):
        failed = []
        for name in request["names"]:
            try:
                (client or self.s3).delete_object(Bucket=self.bucket, Key=self.prefix + name)
            except (ClientError, BotoCoreError) as error:
                failed.append({"name": name, "why": explain(error)["code"]})
        return {"failed": failed}

    def abort_uploads(self):
        """What a pipeline that was killed had begun: parts that no listing shows, and that are paid for."""
        try:
            pages = self.s3.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket, Prefix=self.prefix)
            for upload in [upload for page in pages for upload in page.get("Uploads", [])]:
                self.s3.abort_multipart_upload(Bucket=self.bucket, Key=upload["Key"], UploadId=upload["UploadId"])
        except ClientError:
            # a key may lack this right, and storage this function: nothing depends on it
            pass

    def digest(self, name):
        digest = hashlib.sha256()
        try:
            for block in self.read(name):
                digest.update(block)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                return None
            raise
        return digest.hexdigest()

    def read(self, name):
        """All of an object, in blocks. A connection that breaks is continued where it broke, as long as it is the same object."""
        offset, failures, tag = 0, 0, None
        while True:
            same = {"IfMatch": tag} if tag else {}
            rest = {"Range": f"bytes={offset}-"} if offset else {}
            answer = self.s3.get_object(Bucket=self.bucket, Key=self.prefix + name, **same, **rest)
            tag, size = answer.get("ETag"), offset + answer["ContentLength"]
            try:
                for block in answer["Body"].iter_chunks(MIB):
                    offset += len(block)
                    yield block
                return
            except (HTTPClientError, HTTPError, BotoCoreError):
                failures += 1
                if failures >= ATTEMPTS:
                    raise
                if offset >= size:
                    return
                time.sleep(failures)


def explain(error):
    if isinstance(error, S3UploadFailedError) and error.__context__ is not None:
        error = error.__context__
    if isinstance(error, ClientError):
        said = error.response.get("Error", {})
        return {
            "code": said.get("Code", "unknown"),
            "message": said.get("Message", ""),
            "operation": error.operation_name,
        }
    if isinstance(error, Different):
        return {"code": "Different", "message": str(error), "operation": "read back"}
    if isinstance(error, OSError) and error.errno is not None:
        return {"code": "Disk", "message": str(error), "operation": ""}
    return {"code": "Connection", "message": str(error), "operation": type(error).__name__}


def main():
    request = json.load(sys.stdin)
    try:
        storage = Storage(request)
        answer = {"answer": getattr(storage, request["do"])(request)}
    except (ClientError, BotoCoreError, S3UploadFailedError, HTTPError, Different, OSError) as error:
        answer = {"error": explain(error)}
    json.dump(answer, sys.stdout)


main()
