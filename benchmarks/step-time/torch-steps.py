"""The networks of cases.ts in PyTorch: one JSON request a line on stdin, the step times in ms on stdout."""

import json
import math
import sys
import time

import torch
from torch import nn


class Seq2Seq(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.o = o
        units, features, layers = o["units"], o["decoderFeatures"], o["layers"]
        self.encoder = nn.LSTM(o["encoderFeatures"], units, layers, batch_first=True)
        self.decoder = nn.LSTM(features, units, layers, batch_first=True, bidirectional=o["bidirectionalDecoder"])
        state = units * (2 if o["bidirectionalDecoder"] else 1)
        if o["attention"]:
            self.query = nn.Linear(state, units, bias=False)
            self.combine = nn.Linear(state + units, units)
            state = units
        self.dropout = nn.Dropout(o["dropout"])
        self.hidden = nn.Linear(state + features, o["headUnits"])
        self.output = nn.Linear(o["headUnits"], o["outputs"])
        self.skip = nn.Linear(features, o["outputs"])

    def forward(self, encoder, decoder):
        encoded, (h, c) = self.encoder(encoder)
        if self.o["bidirectionalDecoder"]:
            h, c = h.repeat_interleave(2, 0), c.repeat_interleave(2, 0)
        state, _ = self.decoder(decoder, (h, c))
        if self.o["attention"]:
            scores = self.query(state) @ encoded.transpose(1, 2) / math.sqrt(self.o["units"])
            context = torch.softmax(scores, -1) @ encoded
            state = torch.tanh(self.combine(torch.cat([state, context], 2)))
        hidden = torch.relu(self.hidden(torch.cat([self.dropout(state), decoder], 2)))
        return self.output(hidden) + self.skip(decoder)


def step_times(request):
    torch.set_num_threads(request["threads"])
    torch.backends.mkldnn.enabled = request["onednn"]
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    o, rows = request["network"], request["rows"]
    encoder = torch.randn(rows, o["encoderSteps"], o["encoderFeatures"])
    decoder = torch.randn(rows, o["decoderSteps"], o["decoderFeatures"])
    target = torch.randn(rows, o["decoderSteps"], 1)
    levels = torch.tensor(request["levels"])
    network = Seq2Seq(o)
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3, fused=request["fused"])
    times = []
    for _ in range(request["warmup"] + request["steps"]):
        start = time.perf_counter()
        error = target - network(encoder, decoder)
        loss = 2 * torch.maximum(levels * error, (levels - 1) * error).mean()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        times.append(1000 * (time.perf_counter() - start))
    return times[request["warmup"] :]


print(json.dumps(torch.__version__), flush=True)
for line in sys.stdin:
    print(json.dumps(step_times(json.loads(line))), flush=True)
