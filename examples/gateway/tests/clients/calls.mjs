// Makes the same calls as calls.py with the SDKs for JavaScript, and with undici alone.
//
// The clients do not try again, unless a line says `again`.

import readline from "node:readline";
import OpenAI from "openai";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { generateText, streamText } from "ai";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { createAnthropic } from "@ai-sdk/anthropic";
import { fetch } from "undici";

// It says them where this program says what it heard.
globalThis.AI_SDK_LOG_WARNINGS = false;

const apiKey = "sk-test";
const model = "test";
const messages = [{ role: "user", content: "Hello" }];

const openai = (base, maxRetries) => new OpenAI({ baseURL: base + "/v1", apiKey, maxRetries });
const anthropic = (base, maxRetries) => new Anthropic({ baseURL: base, apiKey, maxRetries });

const google = (baseUrl) => new GoogleGenAI({ apiKey, httpOptions: { baseUrl } });

const calls = {
  async chat(base, heard, retries) {
    const stream = await openai(base, retries).chat.completions.create({ model, messages, stream: true });
    for await (const chunk of stream) heard.text += chunk.choices[0]?.delta?.content ?? "";
  },

  async chat_whole(base, heard, retries) {
    const answer = await openai(base, retries).chat.completions.create({ model, messages });
    heard.text = answer.choices[0].message.content;
  },

  async responses(base, heard, retries) {
    const stream = openai(base, retries).responses.stream({ model, input: "Hello" });
    for await (const event of stream) {
      if (event.type === "response.output_text.delta") heard.text += event.delta;
    }
    heard.final = (await stream.finalResponse()).output_text;
  },

  async messages(base, heard, retries) {
    const stream = anthropic(base, retries).messages.stream({ model, max_tokens: 99, messages });
    for await (const event of stream) {
      if (event.type === "content_block_delta") heard.text += event.delta.text;
    }
    heard.final = (await stream.finalMessage()).content[0].text;
  },

  async messages_whole(base, heard, retries) {
    const answer = await anthropic(base, retries).messages.create({ model, max_tokens: 99, messages });
    heard.text = answer.content[0].text;
  },

  async interactions(base, heard, maxRetries) {
    const request = { model, input: "Hello", store: false, stream: true };
    for await (const event of await google(base).interactions.create(request, { maxRetries })) {
      if (event.event_type === "step.delta") heard.text += event.delta.text;
      // The SDK hands it out like any other event, and raises what follows.
      if (event.event_type === "error") throw new Error(event.error.message);
    }
  },

  async interactions_whole(base, heard, maxRetries) {
    const request = { model, input: "Hello", store: false };
    const answer = await google(base).interactions.create(request, { maxRetries });
    heard.text = answer.output_text;
  },

  vercel_chat: (base, heard, retries) => vercel(compatible(base), heard, retries),
  vercel_responses: (base, heard, retries) =>
    vercel(createOpenAI({ baseURL: base + "/v1", apiKey }).responses(model), heard, retries),
  vercel_messages: (base, heard, retries) =>
    vercel(createAnthropic({ baseURL: base + "/v1", apiKey })(model), heard, retries),

  async vercel_whole(base, heard, maxRetries) {
    const answer = await generateText({ model: compatible(base), prompt: "Hello", maxRetries });
    heard.text = answer.text;
  },

  // What a program without an SDK does: it reads to the end, and looks for nothing but text and errors.
  async undici(base, heard) {
    const response = await fetch(base + "/v1/chat/completions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model, messages, stream: true }),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    let rest = "";
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      const events = (rest + piece).split("\n\n");
      rest = events.pop();
      for (const event of events) {
        const data = event.match(/^data: ?(\{.*)$/m)?.[1];
        if (!data) continue;
        const { error, choices } = JSON.parse(data);
        if (error) throw new Error(error.message);
        heard.text += choices[0]?.delta?.content ?? "";
      }
    }
  },
};

const compatible = (base) => createOpenAICompatible({ name: "test", baseURL: base + "/v1", apiKey })(model);

// The error that comes first is the one in the stream. Where the stream then breaks, a second follows.
async function vercel(model, heard, maxRetries) {
  let failed;
  try {
    const { fullStream } = streamText({ model, prompt: "Hello", maxRetries, onError() {} });
    for await (const part of fullStream) {
      if (part.type === "text-delta") heard.text += part.text;
      if (part.type === "error") failed ??= part.error;
    }
  } catch (error) {
    failed ??= error;
  }
  if (failed) throw failed;
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [name, base, again] = line.split(" ");
  const heard = { text: "", error: null };
  try {
    await calls[name](base, heard, again ? undefined : 0);
  } catch (error) {
    heard.error = `${error?.name}: ${error?.message ?? JSON.stringify(error)}`;
  }
  console.log(JSON.stringify(heard));
}
