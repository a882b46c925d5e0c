<?php

/** A token for a member of your site. It is valid for five minutes; the widget asks for another one when it needs it. */
function podpora_token(array $member, string $secret): string
{
    $base64 = fn (string $bytes) => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    $encode = fn (array $value) => $base64(json_encode($value, JSON_THROW_ON_ERROR));
    $now = time();
    $claims = ['aud' => 'podpora', 'sub' => $member['id'], 'name' => $member['name'], 'email' => $member['email'],
        'iat' => $now, 'exp' => $now + 300];
    $body = $encode(['alg' => 'HS256', 'typ' => 'JWT']) . '.' . $encode($claims);
    return $body . '.' . $base64(hash_hmac('sha256', $body, $secret, true));
}
