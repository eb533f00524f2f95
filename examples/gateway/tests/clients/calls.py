"""Makes the same calls with the real SDKs, for each base URL on standard input.

For each line, which names an API and a base URL, one JSON line says what the program heard: its
text, and the error that was raised, if one was. The SDKs do not try again, so that what is saved is
saved by the gateway, unless the line says `again`.
"""

import json
import sys

import anthropic
import openai
from google import genai

QUESTION = [{"role": "user", "content": "Hello"}]


def chat(base, heard, retries):
    client = openai.OpenAI(base_url=base + "/v1", api_key="sk-test", **retries)
    stream = client.chat.completions.create(model="test", messages=QUESTION, stream=True)
    for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            heard["text"] += chunk.choices[0].delta.content


def chat_whole(base, heard, retries):
    client = openai.OpenAI(base_url=base + "/v1", api_key="sk-test", **retries)
    answer = client.chat.completions.create(model="test", messages=QUESTION)
    heard["text"] = answer.choices[0].message.content


def responses(base, heard, retries):
    client = openai.OpenAI(base_url=base + "/v1", api_key="sk-test", **retries)
    with client.responses.stream(model="test", input="Hello") as stream:
        for event in stream:
            if event.type == "response.output_text.delta":
                heard["text"] += event.delta
        heard["final"] = stream.get_final_response().output_text


def messages(base, heard, retries):
    client = anthropic.Anthropic(base_url=base, api_key="sk-test", **retries)
    with client.messages.stream(model="test", max_tokens=99, messages=QUESTION) as stream:
        for text in stream.text_stream:
            heard["text"] += text
        heard["final"] = stream.get_final_message().content[0].text


def messages_whole(base, heard, retries):
    client = anthropic.Anthropic(base_url=base, api_key="sk-test", **retries)
    answer = client.messages.create(model="test", max_tokens=99, messages=QUESTION)
    heard["text"] = answer.content[0].text


def google(base, retries):
    options = {"base_url": base}
    if retries:
        options["retry_options"] = {"attempts": 1}
    return genai.Client(api_key="sk-test", http_options=options)


def interactions(base, heard, retries):
    client = google(base, retries)
    for event in client.interactions.create(model="test", input="Hello", store=False, stream=True):
        if event.event_type == "step.delta":
            heard["text"] += event.delta.text
        elif event.event_type == "error":
            # The SDK hands it out like any other event, and raises what follows.
            raise RuntimeError(event.error.message)


def interactions_whole(base, heard, retries):
    client = google(base, retries)
    answer = client.interactions.create(model="test", input="Hello", store=False)
    heard["text"] = answer.output_text


CALLS = {
    call.__name__: call
    for call in (
        chat,
        chat_whole,
        responses,
        messages,
        messages_whole,
        interactions,
        interactions_whole,
    )
}

for line in sys.stdin:
    name, base, *again = line.split()
    heard = {"text": "", "error": None}
    try:
        CALLS[name](base, heard, {} if again else {"max_retries": 0})
    except Exception as error:
        heard["error"] = f"{type(error).__module__}.{type(error).__name__}: {error}"
    print(json.dumps(heard), flush=True)
