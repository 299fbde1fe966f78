"""Images and files in a message: rejects unknown image types and invalid base64.

Source: OpenAI API guides, https://platform.openai.com/docs/guides/images-vision and
https://platform.openai.com/docs/guides/pdf-files; `image/jpg`, openai/openai-cookbook,
examples/GPT_with_vision_for_video_understanding.ipynb.
"""

import base64
import re

from deploy.simulators.openai.errors import invalid
from deploy.simulators.openai.requests import File, Image, Message, User

_DATA = re.compile(r"data:(?P<kind>[\w.+-]+/[\w.+-]+)?(?P<rest>[^,]*;base64)?,(?P<data>.*)", re.S)
_KINDS = ("image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp")
_UNSUPPORTED = "You uploaded an unsupported image. Please make sure your image has of one the "


def check_media(messages: list[Message]) -> None:
    """Raises `Refusal` as the vendor does."""
    for number, message in enumerate(messages):
        if not isinstance(message, User) or isinstance(message.content, str):
            continue
        for place, part in enumerate(message.content):
            param = f"messages[{number}].content[{place}]"
            if isinstance(part, Image):
                check_image(part.image_url.url, f"{param}.image_url.url")
            elif isinstance(part, File):
                _check_file(part, param)


def check_image(url: str, param: str) -> None:
    if url.startswith(("https://", "http://")):
        return
    found = _DATA.fullmatch(url)
    if found is None:
        message = (
            f"Invalid '{param}'. Expected a valid URL, but got a value with an invalid format."
        )
        raise invalid(message, param, "invalid_value")
    if found["kind"] not in _KINDS:
        message = f"{_UNSUPPORTED}following formats: ['png', 'jpeg', 'gif', 'webp']."
        raise invalid(message, None, "invalid_image_format")
    if not is_base64(found["data"]):
        raise invalid("Invalid base64 image_url.", param, "invalid_base64")


def is_base64(data: str) -> bool:
    try:
        return bool(base64.b64decode(data, validate=True))
    except ValueError:
        return False


def _check_file(part: File, param: str) -> None:
    value = part.file
    if value.file_data is None and value.file_id is None:
        message = f"Missing required parameter: '{param}.file.file_id'."
        raise invalid(message, f"{param}.file.file_id", "missing_required_parameter")
    if value.file_data is None:
        return
    found = _DATA.fullmatch(value.file_data)
    if found is None or not is_base64(found["data"]):
        message = f"Invalid '{param}.file.file_data'. Expected a base64-encoded data URL."
        raise invalid(message, f"{param}.file.file_data", "invalid_value")
