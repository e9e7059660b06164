// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// Names as tokens, with the two events by which the Ethereum Name Service tells of them: its base registrar emits
/// `Transfer`, its controller `NameRegistered`. The token of a name is the hash of the name as a number.
contract Registrar {
    event NameRegistered(string name, bytes32 indexed label, address indexed owner);
    event Transfer(address indexed from, address indexed to, uint256 indexed tokenId);

    mapping(uint256 => address) public ownerOf;

    function register(string calldata name, address owner) external {
        bytes32 label = keccak256(bytes(name));
        uint256 token = uint256(label);
        require(ownerOf[token] == address(0), "the name is taken");
        require(owner != address(0), "an owner");
        ownerOf[token] = owner;
        // A token is minted before its name is told, as there.
        emit Transfer(address(0), owner, token);
        emit NameRegistered(name, label, owner);
    }

    function transferFrom(address from, address to, uint256 tokenId) external {
        require(ownerOf[tokenId] == msg.sender && from == msg.sender, "only the owner");
        require(to != address(0), "a recipient");
        ownerOf[tokenId] = to;
        emit Transfer(from, to, tokenId);
    }
}
