"""A program that has the latest answer already is told so: ETag and 304."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware


class SameAnswer(ConditionalGetMiddleware):
    """Gives answers of the API and files of open data their ETag; pages carry secrets, and none."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not request.path_info.startswith(("/api/", "/donnees/")):
            return response
        return super().process_response(request, response)
