"""Names of tests and files, relative to the app's folder."""

import os

from tollgate_problem import from_app, path_of


class Names:
    def __init__(self):
        self.root = os.getcwd()
        self._known = {}  # paths, and whether they exist

    def of(self, nodeid, path=None, location=None):
        """With a rootdir that does not hold the tests (-c ci/pytest.ini), the file of a node id is empty or another's."""
        file, separator, rest = nodeid.partition("::")
        named = os.path.normpath(os.path.join(self.root, file)) if file else None
        if path is None and location is not None and (named is None or not self._exists(named)):
            path = os.path.join(self.root, location[0])
        if path is not None:
            file = from_app(path, self.root)
        elif named is not None:
            file = from_app(named, self.root)
        return file + separator + rest

    def of_node(self, node):
        return self.of(node.nodeid, path_of(node))

    def _exists(self, path):
        if path not in self._known:
            self._known[path] = os.path.exists(path)
        return self._known[path]
