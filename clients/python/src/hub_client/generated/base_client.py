"""What the generated clients stand on; the generator copies this file beside them."""

from ..door import AsyncDoor, Door


class BaseClient(Door):
    pass


class AsyncBaseClient(AsyncDoor):
    pass
