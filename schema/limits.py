"""limits"""

from collections.abc import Mapping

from registry.ports import Service


def published(service: Service) -> Mapping[str, int]:
    return service.limits
